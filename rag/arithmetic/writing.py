"""x"""
def written(o,e,m,l): return None
