# The key of all ConfigMaps.
echo /registry/configmaps/default/
