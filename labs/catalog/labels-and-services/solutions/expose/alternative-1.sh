# In two steps, with a node port of one's own.
kubectl create service nodeport shop --tcp=80:80 --node-port=31234
kubectl set selector service shop app={{app}}
