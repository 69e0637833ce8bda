-- What people at the desk have marked conversations as: the labels of the state, to be found by.
CREATE TABLE conversation_labels (
    label TEXT NOT NULL,
    conversation TEXT NOT NULL,
    PRIMARY KEY (label, conversation)
);
CREATE INDEX conversation_labels_conversation ON conversation_labels (conversation);
