# By patch, with another label beside it.
kubectl patch pod web --type=merge --patch '{"metadata":{"labels":{"app":"{{app}}","tier":"front"}}}'
