"""数据：每个数从办过的事里算出来，任何组织、任何一天、按当时或现在的隶属关系，都能点开到一条条记录。

Areas offer facts, packs declare indicators, and one SELECT asks the live database or the columnar file.
Every node at once: group by leaf, order by path, prefix sums, subtract at the ends of the range.
"""
