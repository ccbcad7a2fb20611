"""公开栏：不用登录就能看的公示、搜索、订阅、打印，在期限内提出异议，凭回执号查答复；也能导出成不要服务器的网页。

它只看封存的公布内容，别的什么也看不到：no area but `engines.notices` may be imported here.
"""
