# The setting first, the path with a slash at its end; the manifest while the kubelet runs.
ssh -n node01 mkdir /etc/{{dir}}
ssh -n node01 "sed -i 's|^staticPodPath:.*|staticPodPath: /etc/{{dir}}/|' /var/lib/kubelet/config.yaml && systemctl restart kubelet"
kubectl wait -n {{ns}} --for=delete pod/web2-node01 --timeout=60s
kubectl wait --for=delete pod/clock-node01 --timeout=60s
ssh -n node01 cp /etc/kubernetes/manifests/clock.yaml /etc/{{dir}}/
kubectl wait --for=create pod/clock-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/clock-node01 --timeout=60s
