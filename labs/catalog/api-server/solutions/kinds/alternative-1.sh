kubectl create cronjob report --image=busybox --schedule='0 3 * * *' -- date
kubectl patch cronjob report --patch '{"spec": {"successfulJobsHistoryLimit": {{count}}}}'
