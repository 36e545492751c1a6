"""x"""
from typing import Any
def written(o:Any,e:Any,m:Any)->Any: return None
