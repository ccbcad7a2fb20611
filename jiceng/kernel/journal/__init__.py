"""日志：谁、何时、做了什么。只增不改，几秒内封入校验链，每天导出锚点。

Entries are written in the verb's transaction, unlinked; a sealer links them in order seconds later. They hold opaque
ids only, so that a person can be purged without breaking the chain.
"""
