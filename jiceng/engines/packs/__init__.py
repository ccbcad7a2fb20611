"""地方包：各地怎么办事，写成数据文件，注明依据和起用日期；全国包垫底，地方包覆盖同名的。

A pack is a folder of TOML files. `@declares` adds a kind; `queries.resolve(place, on)` picks the editions of a day.
Every filter in every pack is one condition of the grammar in `conditions`.
"""
