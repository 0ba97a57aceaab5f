"""What changed between two versions of a tool's contract, in words, before anybody is judged.

`change` holds the value, `pairs` pairs the schemas inside two schemas, `edits` walks them keyword
by keyword (`rewriting` knows where that would mislead), `tools` walks two tools.
Each change can be applied to the old tool alone, so that it can be judged by itself.
"""
