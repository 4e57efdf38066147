#!/usr/bin/env bash
# The openssl command beside us: `with_openssl.sh make FOLDER` signs and stamps with it and lists the files as
# cms_peer.cpp explains it; `with_openssl.sh judge FOLDER` judges each line of FOLDER/cases.txt with it.
# Last line of judge: "N passed, N failed, N skipped".
set -euo pipefail
operation=$1
folder=$2

# openssl 3.0 verifies neither CMS nor timestamps with SM2 (it never sets the signer's identifier there) or Ed25519 (it
# hands it a digest). Of SM2 it can judge certificates, where the identifier can be given.
judge_cms() {  # file root content
    local options=(-binary -inform DER -in "$1" -CAfile "$2" -purpose any -attime "$at" -out /dev/null)
    [ "$3" = - ] || options+=(-content "$3")
    openssl cms -verify "${options[@]}"
}

judge_timestamp() {  # kind file root content
    local options=(-in "$2" -data "$4" -CAfile "$3" -attime "$at")
    [ "$1" = response ] || options+=(-token_in)
    openssl ts -verify "${options[@]}"
}

judge() {
    local passed=0 failed=0 skipped=0 expected kind algorithm file root content verdict
    at=$(cat "$folder/at")
    cd "$folder"
    while read -r expected kind algorithm file root content; do
        if [ "$algorithm" != p256 ]; then
            skipped=$((skipped + 1))
            continue
        fi
        verdict=refuse
        if [ "$kind" = cms ]; then
            judge_cms "$file" "$root" "$content" && verdict=accept
        else
            judge_timestamp "$kind" "$file" "$root" "$content" && verdict=accept
        fi
        if [ "$verdict" = "$expected" ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "WRONG $expected $kind $file"
        fi
    done <cases.txt
    if openssl verify -vfyopt distid:1234567812345678 -attime "$at" -CAfile sm2-root.pem sm2-signer.pem &&
        openssl verify -vfyopt distid:1234567812345678 -attime "$at" -CAfile sm2-tsa-root.pem sm2-tsa.pem &&
        ! openssl verify -vfyopt distid:1234567812345678 -attime "$at" -CAfile sm2-stranger.pem sm2-signer.pem; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "WRONG certificates with SM2"
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}

certificate() {  # name extensions: a new root NAME-root and a certificate NAME under it, both P-256
    local name=$1
    openssl ecparam -name prime256v1 -genkey -noout -out "$name-root.key"
    openssl req -x509 -new -key "$name-root.key" -subj "/CN=Other Root of $name" -days 3650 -out "$name-root.pem" \
        -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign
    openssl ecparam -name prime256v1 -genkey -noout -out "$name.key"
    openssl req -new -key "$name.key" -subj "/CN=Other Office of $name" -out "$name.csr"
    printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature,nonRepudiation \
        subjectKeyIdentifier=hash authorityKeyIdentifier=keyid "${@:2}" >"$name.ext"
    openssl x509 -req -in "$name.csr" -CA "$name-root.pem" -CAkey "$name-root.key" -CAcreateserial -days 365 \
        -extfile "$name.ext" -out "$name.pem"
}

add() {  # expected kind file root content: notes the file, and where it should be accepted a broken copy of it
    echo "$1 $2 p256 $3 $4 $5" >>cases.txt
    [ "$1" = accept ] || return 0
    python3 - "$3" <<'PY'
import pathlib, sys
path = pathlib.Path(sys.argv[1])
content = bytearray(path.read_bytes())
content[-1] ^= 1
(path.parent / ("broken-" + path.name)).write_bytes(content)
PY
    echo "refuse $2 p256 broken-$3 $4 $5" >>cases.txt
}

make_all() {
    mkdir -p "$folder"
    cd "$folder"
    rm -f ./*
    echo 'Notice 2026-19: forms are at counter 3.' >content
    echo 'Notice 2026-19: forms are at counter 4.' >other-content
    certificate p256
    certificate p256-tsa extendedKeyUsage=critical,timeStamping
    date +%s >at
    local sign=(openssl cms -sign -binary -outform DER -in content -signer p256.pem -inkey p256.key -md sha256)
    "${sign[@]}" -nodetach -out attached.p7s
    "${sign[@]}" -nodetach -noattr -out plain.p7s
    "${sign[@]}" -nodetach -keyid -out keyid.p7s
    "${sign[@]}" -cades -nodetach -out cades.p7s
    "${sign[@]}" -out detached.p7s
    for file in attached plain keyid cades; do add accept cms "$file.p7s" p256-root.pem -; done
    add accept cms detached.p7s p256-root.pem content
    add refuse cms detached.p7s p256-root.pem other-content
    add refuse cms attached.p7s p256-tsa-root.pem -
    printf '%s\n' '[tsa]' default_tsa=t '[t]' serial=serial crypto_device=builtin signer_cert=p256-tsa.pem \
        signer_key=p256-tsa.key signer_digest=sha256 default_policy=1.2.3.4.3 digests=sha256 accuracy=secs:1 \
        ess_cert_id_alg=sha256 >tsa.cnf
    echo 01 >serial
    openssl ts -query -data content -sha256 -cert -out request.tsq
    openssl ts -reply -config tsa.cnf -queryfile request.tsq -out stamp.tsr
    openssl ts -reply -config tsa.cnf -queryfile request.tsq -token_out -out stamp.tst
    add accept response stamp.tsr p256-tsa-root.pem content
    add refuse response stamp.tsr p256-tsa-root.pem other-content
    add refuse response stamp.tsr p256-root.pem content
    add accept token stamp.tst p256-tsa-root.pem content
}

case $operation in
judge) judge ;;
make) make_all ;;
esac
