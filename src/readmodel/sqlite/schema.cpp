#include "readmodel/sqlite/schema.h"

#include <fmt/format.h>

#include <vector>

namespace chancery::readmodel {

namespace {

constexpr const char* kTables = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE block(first_leaf INTEGER PRIMARY KEY, height INTEGER NOT NULL, time_ms INTEGER NOT NULL,
                   count INTEGER NOT NULL);
CREATE UNIQUE INDEX block_height ON block(height);
CREATE INDEX block_time ON block(time_ms);

CREATE TABLE word(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE organisation(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, name_zh TEXT, name_en TEXT,
                          suspended INTEGER NOT NULL DEFAULT 0, created_height INTEGER);
CREATE TABLE account(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL DEFAULT 0,
                     organisation INTEGER NOT NULL DEFAULT 0, suspended INTEGER NOT NULL DEFAULT 0,
                     created_height INTEGER);
CREATE INDEX account_organisation ON account(organisation);
CREATE TABLE type(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, name_zh TEXT, name_en TEXT,
                  issued INTEGER NOT NULL DEFAULT 0, defined_height INTEGER);

CREATE TABLE tx(leaf INTEGER PRIMARY KEY, account INTEGER NOT NULL, call INTEGER NOT NULL, calls INTEGER NOT NULL,
                reason INTEGER);
CREATE INDEX tx_account ON tx(account);
CREATE INDEX tx_refused ON tx(leaf) WHERE reason IS NOT NULL;

CREATE TABLE id_prefix(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE credential(seq INTEGER PRIMARY KEY, prefix INTEGER NOT NULL, tail TEXT NOT NULL, type INTEGER NOT NULL,
                        issuer INTEGER NOT NULL, holder BLOB NOT NULL, version INTEGER NOT NULL,
                        from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL);
CREATE UNIQUE INDEX credential_id ON credential(prefix, tail);
CREATE INDEX credential_holder ON credential(holder);
CREATE INDEX credential_type ON credential(type);
CREATE INDEX credential_issuer ON credential(issuer);

CREATE TABLE status_change(seq INTEGER PRIMARY KEY, credential INTEGER NOT NULL, status INTEGER NOT NULL,
                           reason INTEGER NOT NULL);
CREATE INDEX status_change_credential ON status_change(credential);
CREATE INDEX status_change_status ON status_change(status, credential);

CREATE TABLE evidence(seq INTEGER PRIMARY KEY, number TEXT NOT NULL, organisation INTEGER NOT NULL,
                      account INTEGER NOT NULL, matter TEXT NOT NULL, previous TEXT NOT NULL, phase INTEGER NOT NULL,
                      media INTEGER NOT NULL, size_bytes INTEGER NOT NULL, sm3 BLOB, sha256 BLOB, root BLOB,
                      count INTEGER NOT NULL);
CREATE UNIQUE INDEX evidence_number ON evidence(number);
CREATE INDEX evidence_matter ON evidence(matter) WHERE matter<>'';
CREATE INDEX evidence_organisation ON evidence(organisation);
CREATE INDEX evidence_sm3 ON evidence(sm3) WHERE sm3 IS NOT NULL;
CREATE INDEX evidence_sha256 ON evidence(sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX evidence_root ON evidence(root) WHERE root IS NOT NULL;

CREATE VIRTUAL TABLE words USING fts5(text, content='', detail=full, tokenize="unicode61 remove_diacritics 2");
)sql";

constexpr const char* kNames[] = {"words", "evidence", "status_change", "credential", "id_prefix", "tx",
                                  "type",  "account",  "organisation",  "word",       "block",     "meta"};

}  // namespace

Status create_schema(Connection& connection) {
  TRY(connection.execute("BEGIN IMMEDIATE"));
  TRY(connection.execute(kTables));
  TRY(connection.execute(fmt::format("PRAGMA user_version={}", kSchemaVersion)));
  return connection.execute("COMMIT");
}

Status drop_schema(Connection& connection) {
  connection.forget_statements();
  TRY(connection.execute("BEGIN IMMEDIATE"));
  for (const char* name : kNames) TRY(connection.execute(fmt::format("DROP TABLE IF EXISTS {}", name)));
  TRY(connection.execute("PRAGMA user_version=0"));
  return connection.execute("COMMIT");
}

Result<int> schema_version(Connection& connection) {
  ASSIGN_OR_RETURN(auto* prepared, connection.prepare("PRAGMA user_version"));
  Statement statement(prepared);
  TRY(statement.step());
  return static_cast<int>(statement.integer(0));
}

}  // namespace chancery::readmodel
