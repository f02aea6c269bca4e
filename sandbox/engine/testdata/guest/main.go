// Guest is what the integration tests run inside a container.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	switch os.Args[1] {
	case "wait":
		time.Sleep(time.Hour)
	case "say": // stdout, stderr, exit code
		fmt.Print(os.Args[2])
		fmt.Fprint(os.Stderr, os.Args[3])
		code, _ := strconv.Atoi(os.Args[4])
		os.Exit(code)
	case "cat":
		io.Copy(os.Stdout, os.Stdin)
	case "flood":
		n, _ := strconv.Atoi(os.Args[2])
		fmt.Print(strings.Repeat("x", n))
	}
}
