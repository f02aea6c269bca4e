package engine

// DebianMirror is the URI from which this machine takes the packages of the
// Debian release with that codename, as its apt configuration has it.
func DebianMirror(codename string) (uri string, ok bool) {
	s, ok := mirrorOf(thisHost(func(string) {}).sources(), codename)
	if !ok {
		return "", false
	}
	return s.URIs[0], true
}
