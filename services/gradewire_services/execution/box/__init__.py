"""What runs inside a lane's own processes. Standard library only, and only relative imports.

The lane starts it by path with an empty environment (`box.supervisor`), so that no other code of the service
is loaded where programs run. Only `values` is used on the outside too.
"""
