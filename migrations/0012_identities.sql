-- Who an account is to an identity provider: bound at the first sign-in, by what the provider never gives to anybody else.

CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (issuer, agent)
);
