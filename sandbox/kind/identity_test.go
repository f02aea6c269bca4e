package kind

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// goldenFiles are what a golden control plane signs and uses, in small.
func goldenFiles(t *testing.T) []file {
	t.Helper()
	issue := func(name string, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{
			Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			IsCA: parent == nil, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
		}
		if parent == nil {
			parent, signer = template, key
		}
		cert, err := sign(template, parent, key.Public(), signer)
		if err != nil {
			t.Fatal(err)
		}
		return cert, key
	}
	encode := func(c *x509.Certificate) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	}
	// An RSA certificate, as kubeadm makes it, is longer than what replaces it.
	long := func(c *x509.Certificate) []byte { return append(encode(c), bytes.Repeat([]byte("\n"), 400)...) }
	ca, caKey := issue("kubernetes", nil, nil)
	etcd, _ := issue("etcd-ca", nil, nil)
	front, frontKey := issue("front-proxy-ca", nil, nil)
	client, clientKey := issue("kube-apiserver-kubelet-client", ca, caKey)
	proxy, _ := issue("front-proxy-client", front, frontKey)
	own, _ := issue("node-ca", nil, nil)
	der, err := x509.MarshalECPrivateKey(clientKey)
	if err != nil {
		t.Fatal(err)
	}
	key := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
	admin, err := clientcmd.Write(api.Config{
		Clusters:  map[string]*api.Cluster{"kubernetes": {Server: "https://controlplane:6443", CertificateAuthorityData: encode(ca)}},
		AuthInfos: map[string]*api.AuthInfo{"admin": {ClientCertificateData: encode(client), ClientKeyData: key}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const pki = "etc/kubernetes/pki/"
	return []file{
		{pki + "ca.crt", 0o644, long(ca)}, {pki + "ca.key", 0o600, []byte("x")},
		{pki + "etcd/ca.crt", 0o644, encode(etcd)}, {pki + "etcd/ca.key", 0o600, []byte("x")},
		{pki + "front-proxy-ca.crt", 0o644, long(front)}, {pki + "front-proxy-ca.key", 0o600, []byte("x")},
		{pki + "front-proxy-client.crt", 0o644, encode(proxy)},
		{pki + "sa.key", 0o600, []byte("x")},
		{"etc/kubernetes/admin.conf", 0o600, admin},
		{"etc/kubernetes/manifests/etcd.yaml", 0o600, []byte("kind: Pod")},
		{"var/lib/kubelet/pki/kubelet-client.pem", 0o600, append(encode(client), key...)},
		{"var/lib/etcd/member/snap/db", 0o600, []byte("before" + string(long(ca)) + "between" + string(long(front)) + "after")},
		{"var/lib/kubelet/pki/kubelet.crt", 0o600, encode(own)},
	}
}

func renewedFiles(t *testing.T, golden []file) map[string]string {
	t.Helper()
	id, err := newIdentity(golden)
	if err != nil {
		t.Fatal(err)
	}
	files, err := id.renewed(golden)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range files {
		out[f.path] = string(f.content)
	}
	return out
}

// signedBy reports whether the first certificate in a PEM text is under the other's.
func signedBy(t *testing.T, text, authority string) bool {
	t.Helper()
	cert, err := parseCertificate([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(authority))
	_, err = cert.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err == nil
}

func TestEachCloneIsUnderAuthoritiesOfItsOwn(t *testing.T) {
	golden := goldenFiles(t)
	one, other := renewedFiles(t, golden), renewedFiles(t, golden)
	const pki = "etc/kubernetes/pki/"
	for _, row := range []struct{ what, cert, authority string }{
		{"what the front proxy shows", pki + "front-proxy-client.crt", pki + "front-proxy-ca.crt"},
		{"what the kubelet shows", "var/lib/kubelet/pki/kubelet-client.pem", pki + "ca.crt"},
	} {
		if !signedBy(t, one[row.cert], one[row.authority]) || signedBy(t, one[row.cert], other[row.authority]) || signedBy(t, one[row.cert], string(golden[0].content)) {
			t.Errorf("%s is not under its clone's authority alone", row.what)
		}
	}
	admin, err := clientcmd.Load([]byte(one["etc/kubernetes/admin.conf"]))
	if err != nil {
		t.Fatal(err)
	}
	if string(admin.Clusters["kubernetes"].CertificateAuthorityData) != one[pki+"ca.crt"] || !signedBy(t, string(admin.AuthInfos["admin"].ClientCertificateData), one[pki+"ca.crt"]) {
		t.Error("the administrator's kubeconfig is not the clone's")
	}
	if !strings.Contains(one["var/lib/kubelet/pki/kubelet-client.pem"], "EC PRIVATE KEY") {
		t.Error("the kubelet's key is gone")
	}
	const db = "var/lib/etcd/member/snap/db"
	inside, _ := strings.CutPrefix(one[db], "before")
	inside, rest, _ := strings.Cut(inside, "between")
	if !strings.HasPrefix(inside, one[pki+"ca.crt"]) || !strings.HasPrefix(rest, one[pki+"front-proxy-ca.crt"]) || !strings.HasSuffix(rest, "after") {
		t.Errorf("etcd has not the clone's authority: %s", one[db])
	}
	for _, path := range []string{pki + "sa.key", pki + "sa.pub", pki + "ca.key", pki + "etcd/ca.key", pki + "front-proxy-ca.key"} {
		if one[path] == "" || one[path] == other[path] {
			t.Errorf("%s is not its own", path)
		}
	}
	for _, path := range []string{"etc/kubernetes/manifests/etcd.yaml", "var/lib/kubelet/pki/kubelet.crt"} {
		if _, changed := one[path]; changed {
			t.Errorf("%s was changed", path)
		}
	}
}

func TestAGoldenClusterThatLacksAnAuthorityHasNoClones(t *testing.T) {
	if _, err := newIdentity(goldenFiles(t)[:4]); err == nil {
		t.Error("no error")
	}
}
