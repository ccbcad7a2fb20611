"""演练：把一个地方报道过的事，用平台自己的动作重做一遍，再从记录里数出当时报道的数。

A scenario is one TOML file: what is there, what happens, and which figures must come out. Nothing here knows a place.
"""
