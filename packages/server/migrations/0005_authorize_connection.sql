-- Grants that a person is giving in a browser: found again by the state that comes back, good for one return and a few minutes.
create table connection_authorization (
  -- Of the state: whoever reads the table cannot come back with it.
  state_hash bytea primary key,
  seller_id bigint not null,
  connection text collate "C" not null,
  kind text collate "C" not null,
  -- The PKCE verifier, sealed.
  verifier bytea not null,
  redirect_uri text not null,
  -- A path of ours to go on to, or null.
  return_to text,
  expires_at timestamptz not null
);
create index connection_authorization_expires on connection_authorization (expires_at);
