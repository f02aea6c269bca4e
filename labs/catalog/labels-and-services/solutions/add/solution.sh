kubectl label pod web app={{app}}
