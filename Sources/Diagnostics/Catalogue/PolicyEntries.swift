extension DiagnosticCatalogue {
  /// What policies say of a plan, and what is wrong with a policy.
  static let policies: [DiagnosticCode: DiagnosticEntry] = [
    .policyBroken: DiagnosticEntry(
      title: "A policy does not allow it",
      explanation: """
        A policy of the configuration, or of the folder that `--policies` names, says what workloads and plans must be \
        like, and this one is not. `plan` shows it and ends with exit status 5; `apply`, `rollback` and the other \
        commands that change something do nothing of that workload. Change the spec, or have the policy's owner add an \
        exception with a reason and an end. In an emergency, `--override-policy REASON` goes ahead, unless the policy \
        says `override: never`; the run records the reason, and `berth history` shows it.
        """,
      wrong: "image: shop/api:latest # and a policy that wants fixed tags",
      right: "image: shop/api:2.4.1"),
    .outsideWindow: DiagnosticEntry(
      title: "A policy allows changes at another time only",
      explanation: """
        A policy names the windows in which workloads may be changed, and it is outside of all of them. The plan says \
        when they are. Wait, or go ahead in an emergency with `--override-policy REASON`, unless the policy says \
        `override: never`.
        """,
      wrong: "berth apply -f shop.yaml # at night",
      right: "berth apply -f shop.yaml # by day"),
    .unknownPolicyField: DiagnosticEntry(
      title: "A policy names a field that specs do not have",
      explanation: """
        `field` is a path of the language, as `docs/language.md` has it: `replicas`, `services.resources.memory`. One \
        that passes through a list means every element, and `services[web*].image` those whose name fits. What follows a \
        mapping of texts is one of its keys: `labels.team`, `labels[example.com/owner]`.
        """,
      wrong: "field: services.resources.mem",
      right: "field: services.resources.memory"),
    .badPolicyTest: DiagnosticEntry(
      title: "A policy tests a field in a way that does not fit it",
      explanation: """
        What a field takes decides how it can be tested: `atMost` and `atLeast` are for numbers and for amounts with a \
        unit, `matches` is for texts, `includes` for lists of texts, `equals` for single values. Every value must be one \
        that the field can have.
        """,
      wrong: "{field: services.resources.memory, atMost: lots}",
      right: "{field: services.resources.memory, atMost: 4Gi}"),
    .badPolicyTime: DiagnosticEntry(
      title: "A policy has a time that makes no sense",
      explanation: """
        Times of day are `HH:MM` from 00:00 to 24:00, days are dates such as `2027-01-31`, and zones are names of the IANA \
        database such as `Europe/Berlin`.
        """,
      wrong: "windows: [{from: 9am, to: 5pm}]",
      right: "windows: [{from: 09:00, to: 17:00, zone: Europe/Berlin}]"),
    .policyAdvises: DiagnosticEntry(
      title: "A policy advises against it",
      explanation: """
        A policy with `severity: warning` wants something else. The plan shows it, and nothing is refused.
        """,
      wrong: "a service without `resources.memory`, and a policy that wants one",
      right: "resources: {memory: 256Mi}"),
    .policyExcused: DiagnosticEntry(
      title: "An exception lets it pass for a while",
      explanation: """
        A policy would not allow it, and an exception of that policy says that this workload may differ until a day. After \
        that day `apply` refuses it, whatever the plan said before.
        """,
      wrong: "exceptions: [{workloads: [shop], reason: moves in May, until: 2027-05-31}] # in June",
      right: "the spec as the policy wants it"),
    .policyWindow: DiagnosticEntry(
      title: "It is applied at certain times only",
      explanation: """
        A policy names the windows in which workloads may be changed. A plan has no clock: the command that changes \
        something looks at the time, when it begins and once it has the lock.
        """,
      wrong: "windows: [{days: [sat, sun]}] # on a Monday",
      right: "windows: [{days: [sat, sun]}] # on a Sunday"),
    .policyOverridden: DiagnosticEntry(
      title: "A policy was overridden",
      explanation: """
        A policy does not allow it, and `--override-policy REASON` goes ahead all the same. The run records the reason and \
        the names of the policies; `berth history` shows them. The next apply is held to the policy again.
        """,
      wrong: "berth rollback shop --override-policy 'the shop is down'",
      right: "berth rollback shop # to a release that the policy allows"),
  ]
}
