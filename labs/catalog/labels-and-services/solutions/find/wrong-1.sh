# The owner's name is no Pod's.
echo {{owner}}
