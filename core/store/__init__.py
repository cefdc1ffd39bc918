"""Reading and writing a plan file (fiona or osgeo behind one interface)."""
