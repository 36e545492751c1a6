"""x"""
def chosen(o,e,l): return None
