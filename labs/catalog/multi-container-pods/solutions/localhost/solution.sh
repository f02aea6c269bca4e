kubectl exec my-pod -c client -- wget -qO- http://localhost
