#!/usr/bin/env bash
# Makes the certificates and keys that the TLS tests need, PEM, with the openssl command. Takes a moment; nothing that
# is made here is of use outside of tests.
#
#   Tests/Support/make_certificates.sh DIRECTORY
#
#   authority.pem      trusted by the tests              other-authority.pem  not trusted
#   server.pem,key     localhost, 127.0.0.1 and ::1      other-server.pem     the same names, of the other authority
#   wrong-name.pem     elsewhere.example, 192.0.2.1      expired.pem          localhost, until 2020
#   future.pem         localhost, from 2090              self-signed.pem      localhost, signed by its own key
#   client.pem,key     a client's                        other-client.pem     a client's, of the other authority
#   issuing.pem        an authority below authority.pem  chained.pem          a server's of that, with it behind
#   encrypted.key      client.key with a passphrase      rsa.key              belongs to no certificate
# All servers' certificates have server.key, all clients' client.key.
set -euo pipefail

DIRECTORY="$1"
command -v openssl >/dev/null || {
    echo "make_certificates: there is no openssl command; install it (Debian: apt-get install openssl)" >&2
    exit 1
}
mkdir -p "$DIRECTORY"
cd "$DIRECTORY"
exec 3>&2 2>make_certificates.log
trap 'cat make_certificates.log >&3' ERR

make_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

# issue AUTHORITY NAME KEY SUBJECT EXTENSIONS [STARTDATE ENDDATE]
issue() {
    openssl req -new -config authority.cnf -key "$3" -subj "/CN=$4" -out "$2.csr"
    printf '%s\n' "$5" >"$2.ext"
    : >"$2.index"
    openssl ca -batch -notext -config authority.cnf -cert "$1.pem" -keyfile "$1.key" -in "$2.csr" -out "$2.pem" \
        -extfile "$2.ext" -startdate "${6:-20200101000000Z}" -enddate "${7:-20491231235959Z}" -name "$2"
}

# One section for each certificate, because `openssl ca` keeps a list of what it has issued.
{
    for name in issuing server other-server wrong-name expired future chained client other-client; do
        printf '[%s]\ndatabase = %s.index\nnew_certs_dir = .\nrand_serial = yes\n' "$name" "$name"
        printf 'default_md = sha256\npolicy = policy\n'
    done
    printf '[policy]\ncommonName = supplied\n[req]\ndistinguished_name = req\n'
    printf '[root]\nbasicConstraints = critical,CA:true\nsubjectKeyIdentifier = hash\n'
    printf '[plain]\nsubjectAltName = DNS:localhost,IP:127.0.0.1\n'
} >authority.cnf

# self_sign NAME KEY SUBJECT EXTENSIONS
self_sign() {
    openssl req -x509 -new -config authority.cnf -key "$2" -subj "/CN=$3" -extensions "$4" -days 3650 -out "$1"
}

for name in authority other-authority issuing server client; do make_key "$name.key"; done
for name in authority other-authority; do self_sign "$name.pem" "$name.key" "$name of the tests" root; done
self_sign self-signed.pem server.key localhost plain

HERE="subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
issue authority issuing issuing.key issuing "basicConstraints=critical,CA:true"
issue authority server server.key localhost "$HERE"
issue other-authority other-server server.key localhost "$HERE"
issue authority wrong-name server.key elsewhere.example "subjectAltName=DNS:elsewhere.example,IP:192.0.2.1"
issue authority expired server.key localhost "$HERE" 20190101000000Z 20200101000000Z
issue authority future server.key localhost "$HERE" 20900101000000Z 20910101000000Z
issue issuing chained server.key localhost "$HERE"
cat issuing.pem >>chained.pem
issue authority client client.key client "extendedKeyUsage=clientAuth"
issue other-authority other-client client.key client "extendedKeyUsage=clientAuth"
openssl pkey -in client.key -aes256 -passout pass:secret -out encrypted.key
openssl genrsa -out rsa.key 2048
