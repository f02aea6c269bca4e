kubectl create configmap {{colour}}
