# The pause process that lives in the network namespace of the client.
namespace=$(kubectl exec my-pod -c client -- readlink /proc/self/ns/net)
ssh -n node01 "for p in \$(pgrep -x pause); do [ \"\$(readlink /proc/\$p/ns/net)\" != '$namespace' ] || echo \$p; done"
