extension DiagnosticCatalogue {
  /// What is wrong with the vault, or with what is put into it.
  static let vault: [DiagnosticCode: DiagnosticEntry] = [
    .vaultUnusable: DiagnosticEntry(
      title: "The vault can't be used",
      explanation: """
        The vault can't be read or written, was sealed with another key than the one in use, or is damaged or \
        altered since it was sealed. berth then uses nothing of it and overwrites nothing, so that the right key \
        or a copy of the file repairs it.
        """,
      wrong: "BERTH_VAULT_KEY=$ANOTHER_KEY berth secret get shop/api-token",
      right: "BERTH_VAULT_KEY=$THE_KEY_IT_WAS_SEALED_WITH berth secret get shop/api-token"),
    .vaultExposed: DiagnosticEntry(
      title: "Other users can read or write the vault",
      explanation: """
        The vault and its key are files of their owner alone. Where others may read or write them, or where \
        they belong to another user, they are not used: first decide whether the values in it are still secret.
        """,
      wrong: "-rw-r--r-- vault/key",
      right: "-rw------- vault/key # chmod 600 vault/key"),
    .badVaultKey: DiagnosticEntry(
      title: "There is no usable key for the vault",
      explanation: """
        The key is 32 bytes in base64: in `BERTH_VAULT_KEY`, or else in the file `key` beside the vault. The \
        first `berth secret set` makes that file. For a vault that is there already no key is made, since none \
        but the one that it was sealed with opens it.
        """,
      wrong: "BERTH_VAULT_KEY=hunter2 berth secret list",
      right: "BERTH_VAULT_KEY=$(openssl rand -base64 32) berth secret list"),
    .unknownSecret: DiagnosticEntry(
      title: "The vault has no such key",
      explanation: """
        The vault keeps the secrets of each namespace apart: `-n` says which one is meant. `berth secret \
        list` shows the keys of one.
        """,
      wrong: "berth secret get shop/api-tokn",
      right: "berth secret get shop/api-token"),
    .badSecretInput: DiagnosticEntry(
      title: "A value can't be put into the vault",
      explanation: """
        A value has at least one byte and 64 KiB at most. It comes from standard input, or is typed \
        twice in the same way; an empty one is most often the output of a command that failed.
        """,
      wrong: "cat no-such-file | berth secret set shop/api-token",
      right: "cat token.txt | berth secret set shop/api-token"),
  ]
}
