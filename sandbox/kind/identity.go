package kind

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"path"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"k8s.io/client-go/tools/clientcmd"
)

// identity is what makes a clone's cluster another than the golden one: three
// certificate authorities and the key that signs service account tokens, new for
// each. Certificates that the golden authorities signed are signed again, for the
// same keys: without their own authority's certificate they open nothing elsewhere.
type identity struct {
	authorities map[string]*authority // by the name of what they replace: kubernetes, etcd-ca, front-proxy-ca
	tokens      []file                // sa.key and sa.pub
	published   [][]byte              // the golden authorities' certificates that ConfigMaps hold
}

// database is where etcd keeps every object, the ConfigMaps kube-root-ca.crt among
// them: Pods that start before these are right would not trust their API server.
const database = "/var/lib/etcd/member/snap/db"

// authority is a certificate authority of one clone.
type authority struct {
	golden *x509.Certificate // the one it replaces
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
}

// identityFiles are where a node keeps what is signed.
var identityFiles = []string{"/etc/kubernetes", credentialsFile, "/root/.kube", "/var/lib/kubelet/pki", database}

// newIdentity reads the golden authorities' certificates from a control plane's files.
func newIdentity(files []file) (*identity, error) {
	id := &identity{authorities: map[string]*authority{}}
	for _, f := range files {
		if path.Base(f.path) != "ca.crt" && path.Base(f.path) != "front-proxy-ca.crt" {
			continue
		}
		if f.path != "etc/kubernetes/pki/etcd/ca.crt" {
			id.published = append(id.published, f.content)
		}
		golden, err := parseCertificate(f.content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.path, err)
		}
		if id.authorities[golden.Subject.CommonName], err = newAuthority(golden); err != nil {
			return nil, err
		}
	}
	if len(id.authorities) != 3 {
		return nil, fmt.Errorf("the golden control plane has %d certificate authorities, not 3", len(id.authorities))
	}
	var err error
	id.tokens, err = tokenKeys()
	return id, err
}

func newAuthority(golden *x509.Certificate) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	next := *golden
	next.SubjectKeyId, next.AuthorityKeyId, next.PublicKey = nil, nil, key.Public()
	cert, err := sign(&next, &next, key.Public(), key)
	return &authority{golden: golden, cert: cert, key: key}, err
}

// tokenKeys are a new key pair for service account tokens, RSA as kubeadm makes it.
func tokenKeys() ([]file, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, err
	}
	return []file{
		{"etc/kubernetes/pki/sa.key", 0o600, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})},
		{"etc/kubernetes/pki/sa.pub", 0o600, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})},
	}, nil
}

// renewed are the files of a node that differ in this identity.
func (id *identity) renewed(files []file) ([]file, error) {
	var out []file
	for _, f := range files {
		content, err := id.renew(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.path, err)
		}
		if !bytes.Equal(content, f.content) {
			out = append(out, file{f.path, f.mode, content})
		}
		if f.path == "etc/kubernetes/pki/sa.key" {
			out = append(out, id.tokens...)
		}
	}
	return out, nil
}

func (id *identity) renew(f file) ([]byte, error) {
	switch name := path.Base(f.path); {
	case "/"+f.path == database:
		return id.renewDatabase(f.content)
	case strings.HasSuffix(name, "ca.key"):
		return id.authorityKey(f.path)
	case strings.HasSuffix(name, ".conf") || name == "config":
		return id.renewKubeconfig(f.content)
	case strings.HasSuffix(name, ".crt") || strings.HasSuffix(name, ".pem"):
		return id.renewPEM(f.content)
	}
	return f.content, nil
}

// renewDatabase puts this identity's authorities where the golden ones stand, in the
// same space: what a shorter certificate leaves is filled with empty lines, until
// the controller manager or the API server writes it anew.
func (id *identity) renewDatabase(content []byte) ([]byte, error) {
	for _, golden := range id.published {
		next, err := id.renewPEM(golden)
		if err != nil {
			return nil, err
		}
		if len(next) > len(golden) || !bytes.Contains(content, golden) {
			return nil, errors.New("a golden authority cannot be replaced in etcd's database")
		}
		next = append(next, bytes.Repeat([]byte{'\n'}, len(golden)-len(next))...)
		content = bytes.ReplaceAll(content, golden, next)
	}
	return content, nil
}

func (id *identity) authorityKey(path string) ([]byte, error) {
	name := "kubernetes"
	switch {
	case strings.HasSuffix(path, "etcd/ca.key"):
		name = "etcd-ca"
	case strings.HasSuffix(path, "front-proxy-ca.key"):
		name = "front-proxy-ca"
	}
	der, err := x509.MarshalECPrivateKey(id.authorities[name].key)
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), err
}

// renewPEM signs the certificates in a PEM file again; what else is in it stays.
func (id *identity) renewPEM(content []byte) ([]byte, error) {
	var out bytes.Buffer
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, err
			}
			if cert, err = id.sign(cert); err != nil {
				return nil, err
			}
			block.Bytes = cert.Raw
		}
		if err := pem.Encode(&out, block); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// sign returns a certificate under this identity: an authority's own, one that a
// golden authority signed signed again, any other as it is.
func (id *identity) sign(cert *x509.Certificate) (*x509.Certificate, error) {
	for _, a := range id.authorities {
		if cert.Equal(a.golden) {
			return a.cert, nil
		}
		if cert.CheckSignatureFrom(a.golden) == nil {
			next := *cert
			next.AuthorityKeyId = nil
			return sign(&next, a.cert, cert.PublicKey, a.key)
		}
	}
	return cert, nil
}

func (id *identity) renewKubeconfig(content []byte) ([]byte, error) {
	config, err := clientcmd.Load(content)
	if err != nil {
		return nil, err
	}
	for _, c := range config.Clusters {
		if c.CertificateAuthorityData, err = id.renewPEM(c.CertificateAuthorityData); err != nil {
			return nil, err
		}
	}
	for _, u := range config.AuthInfos {
		if u.ClientCertificateData, err = id.renewPEM(u.ClientCertificateData); err != nil {
			return nil, err
		}
	}
	return clientcmd.Write(*config)
}

func sign(template, parent *x509.Certificate, public crypto.PublicKey, key *ecdsa.PrivateKey) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber, template.SignatureAlgorithm = serial, x509.UnknownSignatureAlgorithm
	lifetime := 365 * 24 * time.Hour // as kubeadm has it
	if template.IsCA {
		lifetime *= 10
	}
	template.NotBefore = time.Now().Add(-5 * time.Minute)
	template.NotAfter = template.NotBefore.Add(lifetime)
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func parseCertificate(content []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(content)
	if block == nil {
		return nil, errors.New("no PEM block")
	}
	return x509.ParseCertificate(block.Bytes)
}

// identityOf reads the files of a container that hold or use certificates.
func (p *Provider) identityOf(ctx context.Context, container string) ([]file, error) {
	var out []file
	for _, from := range identityFiles {
		got, err := p.cfg.Engine.Client().CopyFromContainer(ctx, container, client.CopyFromContainerOptions{SourcePath: from})
		if errdefs.IsNotFound(err) && (from == credentialsFile || from == database) {
			continue // only the control plane has them
		}
		if err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", from, container, err)
		}
		files, err := readFiles(got.Content, strings.TrimPrefix(path.Dir(from), "/"))
		if err = errors.Join(err, got.Content.Close()); err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", from, container, err)
		}
		out = append(out, files...)
	}
	return out, nil
}

// readFiles are the regular files of an archive, below dir.
func readFiles(archive io.Reader, dir string) ([]file, error) {
	var out []file
	for t := tar.NewReader(archive); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		content, err := io.ReadAll(t)
		if err != nil {
			return nil, err
		}
		out = append(out, file{path.Join(dir, h.Name), h.Mode, content}) //nolint:gosec // goes back to where it came from, on the same node
	}
}
