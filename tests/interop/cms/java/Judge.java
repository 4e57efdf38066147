// Bouncy Castle beside us: makes signatures and timestamps of its own, and judges those of others.
//   Judge make FOLDER AT      writes files and cases.txt, as cms_peer.cpp explains it; AT in seconds since 1970
//   Judge judge FOLDER        judges each line of FOLDER/cases.txt; last line "N passed, N failed, N skipped"

import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

final class Judge {
  static final String POLICY = "1.2.3.4.2";
  static final byte[] CONTENT = "Notice 2026-18: the office is open again.\n".getBytes(StandardCharsets.UTF_8);

  /** A suite's names in the words of the library. */
  record Suite(String name, String curve, String signature, String digest, ASN1ObjectIdentifier digestId) {}

  static final List<Suite> SUITES =
      List.of(
          new Suite("p256", "P-256", "SHA256withECDSA", "SHA-256", NISTObjectIdentifiers.id_sha256),
          new Suite("sm2", "sm2p256v1", "SM3withSM2", "SM3", GMObjectIdentifiers.sm3));

  record Party(X509CertificateHolder root, X509CertificateHolder certificate, KeyPair keys) {}

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    Path folder = Path.of(arguments[1]);
    if (arguments[0].equals("make")) {
      make(folder, Long.parseLong(arguments[2].strip()));
    } else {
      System.exit(judge(folder));
    }
  }

  // ---- judging

  static int judge(Path folder) throws Exception {
    Date at = new Date(Long.parseLong(Files.readString(folder.resolve("at")).strip()) * 1000);
    int passed = 0, failed = 0, skipped = 0;
    for (String line : Files.readAllLines(folder.resolve("cases.txt"))) {
      String[] word = line.split(" ");
      if (word[3].contains("gm")) {
        ++skipped; // the library reads GB/T 35275's structure but knows no algorithm 1.2.156.10197.1.301.1
        continue;
      }
      String verdict = "accepted";
      try {
        byte[] content = word[5].equals("-") ? null : Files.readAllBytes(folder.resolve(word[5]));
        check(word[1], Files.readAllBytes(folder.resolve(word[3])), readCertificate(folder.resolve(word[4])), content, at);
      } catch (Exception | Error refused) {
        verdict = refused.toString();
      }
      boolean right = verdict.equals("accepted") == word[0].equals("accept");
      if (right) ++passed; else ++failed;
      System.out.println((right ? "ok    " : "WRONG ") + line + ": " + verdict);
    }
    System.out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
    return failed == 0 && passed > 0 ? 0 : 1;
  }

  static void check(String kind, byte[] file, X509CertificateHolder root, byte[] content, Date at) throws Exception {
    if (kind.equals("cms")) {
      checkSignature(file, root, content, at);
    } else {
      checkTimestamp(kind.equals("response") ? new TimeStampResponse(file).getTimeStampToken() : new TimeStampToken(new CMSSignedData(file)), root, content, at);
    }
  }

  static void checkSignature(byte[] file, X509CertificateHolder root, byte[] content, Date at) throws Exception {
    CMSSignedData data = content == null ? new CMSSignedData(file) : new CMSSignedData(new CMSProcessableByteArray(content), file);
    if (data.getSignerInfos().size() == 0) throw new IllegalStateException("nobody signed");
    for (SignerInformation signer : data.getSignerInfos()) {
      X509CertificateHolder certificate = (X509CertificateHolder) data.getCertificates().getMatches(signer.getSID()).iterator().next();
      checkChain(certificate, root, at);
      if (!signer.verify(verifier(certificate))) throw new IllegalStateException("the signature does not hold");
    }
  }

  static void checkTimestamp(TimeStampToken token, X509CertificateHolder root, byte[] content, Date at) throws Exception {
    X509CertificateHolder certificate = (X509CertificateHolder) token.getCertificates().getMatches(token.getSID()).iterator().next();
    checkChain(certificate, root, at);
    token.validate(verifier(certificate));
    String imprint = token.getTimeStampInfo().getMessageImprintAlgOID().equals(GMObjectIdentifiers.sm3) ? "SM3" : "SHA-256";
    byte[] digest = MessageDigest.getInstance(imprint, "BC").digest(content);
    if (!MessageDigest.isEqual(digest, token.getTimeStampInfo().getMessageImprintDigest())) throw new IllegalStateException("another imprint");
  }

  static SignerInformationVerifier verifier(X509CertificateHolder certificate) throws Exception {
    return new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate);
  }

  static void checkChain(X509CertificateHolder certificate, X509CertificateHolder root, Date at) throws Exception {
    for (X509CertificateHolder one : List.of(certificate, root)) {
      if (!one.isSignatureValid(new JcaContentVerifierProviderBuilder().setProvider("BC").build(root))) throw new IllegalStateException("not of this root");
      if (!one.isValidOn(at)) throw new IllegalStateException("not valid then");
    }
  }

  static X509CertificateHolder readCertificate(Path path) throws Exception {
    return (X509CertificateHolder) new PEMParser(new StringReader(Files.readString(path))).readObject();
  }

  // ---- making

  static void make(Path folder, long at) throws Exception {
    Files.createDirectories(folder);
    Files.write(folder.resolve("content"), CONTENT);
    byte[] other = CONTENT.clone();
    other[7] ^= 1;
    Files.write(folder.resolve("other-content"), other);
    Files.writeString(folder.resolve("at"), Long.toString(at));
    StringBuilder cases = new StringBuilder();
    for (Suite suite : SUITES) {
      makeSignatures(folder, suite, at, cases);
      makeTimestamps(folder, suite, at, cases);
    }
    Files.writeString(folder.resolve("cases.txt"), cases.toString());
  }

  static void makeSignatures(Path folder, Suite suite, long at, StringBuilder cases) throws Exception {
    Party party = party(suite, at, false);
    writeCertificate(folder.resolve(suite.name + "-root.pem"), party.root);
    writeCertificate(folder.resolve(suite.name + "-stranger.pem"), party(suite, at, false).root);
    for (boolean attributes : new boolean[] {true, false}) {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(signer(suite, party, attributes));
      generator.addCertificates(new JcaCertStore(List.of(party.certificate)));
      for (boolean attached : new boolean[] {true, false}) {
        byte[] file = generator.generate(new CMSProcessableByteArray(CONTENT), attached).getEncoded(ASN1Encoding.DER);
        String name = (attached ? "attached" : "detached") + (attributes ? "" : "-plain") + ".p7s";
        String content = attached ? "-" : "content";
        add(folder, suite, cases, "cms", name, "root.pem", file, content);
        if (!attached) addOne(folder, suite, cases, false, "cms", "other-content-" + name, "root.pem", file, "other-content");
      }
    }
  }

  static void makeTimestamps(Path folder, Suite suite, long at, StringBuilder cases) throws Exception {
    for (boolean right : new boolean[] {true, false}) {
      Party party = party(suite, at, right);
      String root = right ? "tsa-root.pem" : "seal-root.pem";
      writeCertificate(folder.resolve(suite.name + "-" + root), party.root);
      byte[] digest = MessageDigest.getInstance(suite.digest, "BC").digest(CONTENT);
      TimeStampRequestGenerator asking = new TimeStampRequestGenerator();
      asking.setCertReq(true);
      TimeStampRequest request = asking.generate(suite.digestId, digest, BigInteger.valueOf(42));
      DigestCalculator ofCertificate = new JcaDigestCalculatorProviderBuilder().setProvider("BC").build().get(new AlgorithmIdentifier(suite.digestId));
      TimeStampTokenGenerator generator;
      try {
        generator = new TimeStampTokenGenerator(signer(suite, party, true), ofCertificate, new ASN1ObjectIdentifier(POLICY));
      } catch (Exception refused) {
        if (right) throw refused;
        continue; // the library itself does not stamp with such a certificate
      }
      generator.addCertificates(new JcaCertStore(List.of(party.certificate)));
      byte[] token = generator.generate(request, BigInteger.TEN, new Date(at * 1000)).toCMSSignedData().getEncoded(ASN1Encoding.DER);
      if (right) {
        add(folder, suite, cases, "token", "stamp.tst", root, token, "content");
        addOne(folder, suite, cases, false, "token", "other-content.tst", root, token, "other-content");
      } else {
        addOne(folder, suite, cases, false, "token", "by-a-seal.tst", root, token, "content");
      }
    }
  }

  static void add(Path folder, Suite suite, StringBuilder cases, String kind, String file, String root, byte[] bytes, String content) throws Exception {
    addOne(folder, suite, cases, true, kind, file, root, bytes, content);
    addOne(folder, suite, cases, false, kind, "other-root-" + file, "stranger.pem", bytes, content);
    byte[] broken = bytes.clone();
    broken[broken.length - 1] ^= 1;
    addOne(folder, suite, cases, false, kind, "broken-" + file, root, broken, content);
  }

  static void addOne(Path folder, Suite suite, StringBuilder cases, boolean accept, String kind, String file, String root, byte[] bytes, String content) throws Exception {
    Files.write(folder.resolve(suite.name + "-" + file), bytes);
    cases.append(String.join(" ", accept ? "accept" : "refuse", kind, suite.name, suite.name + "-" + file, suite.name + "-" + root, content)).append('\n');
  }

  static SignerInfoGenerator signer(Suite suite, Party party, boolean attributes) throws Exception {
    JcaSignerInfoGeneratorBuilder builder = new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider("BC").build());
    builder.setDirectSignature(!attributes);
    return builder.build(new JcaContentSignerBuilder(suite.signature).setProvider("BC").build(party.keys.getPrivate()), party.certificate);
  }

  static Party party(Suite suite, long at, boolean stamps) throws Exception {
    KeyPair ofRoot = keys(suite), own = keys(suite);
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    JcaX509v3CertificateBuilder root = certificate("CN=Other Root", "CN=Other Root", 1, at, ofRoot);
    root.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    root.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    root.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(ofRoot.getPublic()));
    JcaX509v3CertificateBuilder end = certificate("CN=Other Root", "CN=Other Office", 2, at, own);
    end.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    end.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
    end.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(own.getPublic()));
    end.addExtension(Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(ofRoot.getPublic()));
    if (stamps) end.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
    var signing = new JcaContentSignerBuilder(suite.signature).setProvider("BC").build(ofRoot.getPrivate());
    return new Party(root.build(signing), end.build(signing), own);
  }

  static JcaX509v3CertificateBuilder certificate(String issuer, String subject, long serial, long at, KeyPair keys) {
    Date from = new Date((at - 86400) * 1000), to = new Date((at + 86400 * 365) * 1000);
    return new JcaX509v3CertificateBuilder(new X500Name(issuer), BigInteger.valueOf(serial), from, to, new X500Name(subject), keys.getPublic());
  }

  static KeyPair keys(Suite suite) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "BC");
    generator.initialize(new ECGenParameterSpec(suite.curve));
    return generator.generateKeyPair();
  }

  static void writeCertificate(Path path, X509CertificateHolder certificate) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(new JcaX509CertificateConverter().setProvider("BC").getCertificate(certificate));
    }
    Files.writeString(path, text.toString());
  }
}
