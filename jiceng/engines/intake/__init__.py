"""表格导入：上传一张表，逐行查错，看清会新增什么、改什么，再一次入库；入错了能按批撤回。

`declarations` says what a sheet is; areas declare theirs and the project hands them to `catalogue`. `reading` turns a
file into text in a child process, `checking` turns text into values and faults, `writing` makes templates and exports.
"""
