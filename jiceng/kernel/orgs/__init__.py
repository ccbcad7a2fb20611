"""组织：党组织一棵树，从党委到党小组；怎么设立、升格、合并、拆分、改隶、更名、撤销，哪一天是什么样，都查得到。

Also the units that organisations cover: enterprises, social organisations, villages, schools, departments.
"""
