import Values

extension AWSCredentials {
  /// Reads what containers, machines and programs answer.
  ///
  /// - Parameter tokenKey: what the token is called in it.
  /// - Throws: ``AWSError`` if there are no credentials in it.
  static func read(_ json: JSON, tokenKey: String, source: String) throws(AWSError) -> AWSCredentials {
    guard let key = json["AccessKeyId"]?.string, let secret = json["SecretAccessKey"]?.string else {
      let reason = [json["Code"]?.string, json["Message"]?.string].compactMap(\.self).joined(separator: ": ")
      throw AWSError("\(source) gives no credentials\(reason.isEmpty ? "" : ": \(reason)")")
    }
    let end = json["Expiration"]?.string
    guard end == nil || end.flatMap({ ServerTime($0) }) != nil else {
      throw AWSError("\(source) gives credentials whose end makes no sense")
    }
    return AWSCredentials(
      accessKey: key, secretKey: secret, sessionToken: json[tokenKey]?.string,
      expiration: end.flatMap { ServerTime($0) }, source: source)
  }
}
