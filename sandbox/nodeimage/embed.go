package nodeimage

import (
	"embed"
	"io/fs"
	"sort"
	"strings"
)

//go:embed source layer
var inputs embed.FS

// embedded is the content of a file of this package that goes into the image.
func embedded(name string) string {
	raw, err := inputs.ReadFile(name)
	if err != nil {
		panic(err) // a file of this package, named in this package
	}
	return string(raw)
}

// embeddedUnder lists the files below dir, sorted.
func embeddedUnder(dir string) []string {
	var names []string
	err := fs.WalkDir(inputs, dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		panic(err) // an embedded folder can be read
	}
	sort.Strings(names)
	return names
}

// Ref is the reference of the image that these inputs make: the Kubernetes
// version for people, and a digest of everything that goes in.
func Ref(from From) string {
	version := kubernetesVersion
	if from == Pull {
		_, version, _ = strings.Cut(kindest, ":")
		version, _, _ = strings.Cut(version, "@")
	}
	return "greenbox/node:" + version + "-" + string(from) + "-" + digest(baseDigest(from), content("layer"))
}

// baseRef is the reference of the base that our layer is applied to.
func baseRef(from From) string { return "greenbox/node-base:" + baseDigest(from) }

func baseDigest(from From) string {
	if from == Pull {
		return digest(recipe, kindest)
	}
	parts := []string{recipe, kubernetesVersion, stagingVersion, kindVersion, debianSuite, rootfsPackages, proxyPackages, pauseTag, content("source")}
	for _, p := range programs() {
		parts = append(parts, p.module, p.version, p.tags, p.variable)
	}
	return digest(parts...)
}

// content is every file below an embedded folder, names included.
func content(dir string) string {
	var all strings.Builder
	for _, name := range embeddedUnder(dir) {
		all.WriteString(name + "\n" + embedded(name))
	}
	return all.String()
}
