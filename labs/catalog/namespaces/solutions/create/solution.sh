kubectl create namespace playground1
