kubectl delete pod stubborn --grace-period=2
