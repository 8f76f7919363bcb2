import Values

/// What a profile of the files of AWS's tools says: a role, single sign-on, keys or a program, in this order.
struct ProfileCredentials: CredentialSource {
  private let context: CredentialContext
  private let name: String
  private let isNamed: Bool

  /// - Parameter isNamed: whether this profile is meant by its name, so that it has to be there.
  init(_ context: CredentialContext, profile: String, isNamed: Bool) {
    self.context = context
    name = profile
    self.isNamed = isNamed
  }

  func credentials() async throws -> AWSCredentials? { try await credentials(of: name, way: []) }

  /// - Parameter way: the profiles that led here, each by the one before.
  private func credentials(of name: String, way: [String]) async throws -> AWSCredentials? {
    let settings = context.settings
    guard let profile = settings.profile(name) else {
      guard isNamed || !way.isEmpty else { return nil }
      let known = settings.profiles
      throw AWSError(
        "there is no profile \"\(name)\" in \(settings.config.path) and \(settings.credentials.path)",
        help: known.isEmpty
          ? "neither has any" : "there are \(known.map { "\"\($0)\"" }.joined(separator: ", "))")
    }
    // A role whose source is the profile itself has the profile's own keys.
    if let role = profile["role_arn"], way.last != name {
      return try await assume(role, of: name, profile, way: way)
    }
    if profile["sso_session"] != nil || profile["sso_start_url"] != nil {
      return try await SingleSignOn(context, profile: name, profile).credentials()
    }
    if let credentials = try keys(of: name, profile) { return credentials }
    if let command = profile["credential_process"] {
      return try await CredentialProgram(command, profile: name, context).credentials()
    }
    guard way.isEmpty else {
      throw AWSError(
        "the profile \"\(name)\" has no credentials, and \"\(way[way.count - 1])\" gets its own by them",
        help: "give it keys, a role, or single sign-on")
    }
    return nil
  }

  private func keys(of name: String, _ profile: [String: String]) throws -> AWSCredentials? {
    guard let key = profile["aws_access_key_id"] else { return nil }
    guard let secret = profile["aws_secret_access_key"] else {
      throw AWSError(
        "the profile \"\(name)\" has an access key and no secret for it", help: "write both in one file")
    }
    return AWSCredentials(
      accessKey: key, secretKey: secret, sessionToken: profile["aws_session_token"],
      source: "the profile \"\(name)\"")
  }

  // MARK: Roles

  private func assume(
    _ role: String, of name: String, _ profile: [String: String], way: [String]
  ) async throws -> AWSCredentials {
    if let file = profile["web_identity_token_file"] {
      let identity = WebIdentity(
        context, tokenFile: file, role: role, session: profile["role_session_name"],
        region: profile["region"],
        source: "the profile \"\(name)\"")
      return try await identity.assumed()
    }
    guard profile["mfa_serial"] == nil else {
      throw AWSError(
        "the role of the profile \"\(name)\" wants a code of a device, which berth does not ask for",
        help: "get credentials by `aws sts assume-role`, and set them in the environment")
    }
    guard !way.contains(name) else {
      throw AWSError(
        "the profiles lead in a circle: \((way + [name]).map { "\"\($0)\"" }.joined(separator: ", "))",
        help: "one of them needs credentials of its own")
    }
    let source = try await source(of: name, profile, way: way)
    return try await SecurityTokens(context, region: profile["region"]).assume(
      role, session: profile["role_session_name"], externalID: profile["external_id"],
      seconds: profile["duration_seconds"].flatMap { Int($0) }, with: source, for: "the profile \"\(name)\"")
  }

  /// The credentials that a role is taken on with.
  private func source(
    of name: String, _ profile: [String: String], way: [String]
  ) async throws -> AWSCredentials {
    if let other = profile["source_profile"] {
      if let found = try await credentials(of: other, way: way + [name]) { return found }
    } else if let kind = profile["credential_source"] {
      let source: (any CredentialSource)? =
        switch kind {
        case "Environment": EnvironmentCredentials(context)
        case "EcsContainer": ContainerCredentials(context)
        case "Ec2InstanceMetadata": MachineCredentials(context)
        default: nil
        }
      guard let source else {
        throw AWSError(
          "the profile \"\(name)\" has the credential_source \"\(kind)\", which there is not",
          help: "it is one of Environment, EcsContainer and Ec2InstanceMetadata")
      }
      if let found = try await source.credentials() { return found }
      throw AWSError(
        "the role of the profile \"\(name)\" is taken on by credentials of \(kind), and there are none",
        help: "name a source_profile in its place, or run where there are some")
    }
    throw AWSError(
      "the role of the profile \"\(name)\" has nothing to be taken on with",
      help: "add source_profile, credential_source or web_identity_token_file")
  }
}
