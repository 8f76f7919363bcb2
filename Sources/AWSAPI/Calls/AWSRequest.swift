import NIOHTTP1

/// What a service is asked.
package struct AWSRequest: Sendable {
  package var method: HTTPMethod
  /// The path, not yet encoded; a `/` in it parts it.
  package var path: String
  /// The query, not yet encoded.
  package var query: [(name: String, value: String)]
  /// What is sent, and signed, besides what each request carries.
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]
  /// Whether to ask once more does no harm where it is not known whether the request was carried out.
  package var isRepeatable: Bool
  /// How long one answer may take.
  package var limit: Duration

  /// A request; one that only reads may be repeated.
  package init(
    _ method: HTTPMethod, _ path: String = "/", query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], body: [UInt8] = [], isRepeatable: Bool? = nil,
    limit: Duration = .seconds(60)
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.isRepeatable = isRepeatable ?? (method == .GET || method == .HEAD)
    self.limit = limit
  }

  /// A question in the protocol of forms, which STS, EC2 and load balancers are asked by.
  ///
  /// - Parameter version: of the service's interface, such as `2011-06-15`.
  package static func form(
    _ action: String, version: String, _ fields: [(name: String, value: String)], isRepeatable: Bool
  ) -> AWSRequest {
    AWSRequest(
      .POST, headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
      body: Array(AWSText.form([("Action", action), ("Version", version)] + fields).utf8),
      isRepeatable: isRepeatable)
  }

  /// The path as it is sent.
  var encodedPath: String { AWSText.encoded(path.hasPrefix("/") ? path : "/" + path, keepsSlashes: true) }

  /// The path and the query as they are sent.
  var target: String {
    query.isEmpty ? encodedPath : encodedPath + "?" + AWSText.form(query)
  }
}
