"""One page that needs no server: the answer, and two or three numbers that can still be moved.

`levers` says which numbers, `grid` works out every answer they can reach, `sections` and `about`
put together what else stands on the page, `whole` writes it. The page's script looks answers up
and works nothing out.
"""

from retention_lib.outputs.one_page.whole import page

__all__ = ["page"]
