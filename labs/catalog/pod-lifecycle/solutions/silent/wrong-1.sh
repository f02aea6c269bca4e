# What older texts say.
echo unknown
