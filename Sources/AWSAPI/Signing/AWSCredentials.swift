import Values

/// What requests are signed with. Whatever shows it, shows the identifier of the access key and none of its secrets.
package struct AWSCredentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The identifier of the access key, which is no secret.
  package let accessKey: String
  /// The secret access key.
  package let secretKey: String
  /// The token that goes with a key for a limited time; `nil` if the key holds for ever.
  package let sessionToken: String?
  /// When they end; `nil` if they do not.
  package let expiration: ServerTime?
  /// Where they come from, for messages: `the profile prod of /home/ada/.aws/config`.
  package let source: String

  package init(
    accessKey: String, secretKey: String, sessionToken: String? = nil, expiration: ServerTime? = nil,
    source: String
  ) {
    self.accessKey = accessKey
    self.secretKey = secretKey
    self.sessionToken = sessionToken
    self.expiration = expiration
    self.source = source
  }

  package var description: String { "the access key \(accessKey) of \(source)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["accessKey": accessKey, "source": source]) }
}
