import Wire

/// What a service, the way to it, or the credentials refused. No secret stands in it.
package struct AWSError: PassingFailure, Sendable, Equatable, CustomStringConvertible {
  /// The HTTP status of the answer; `nil` if there was none.
  package var status: Int?
  /// What the service calls the refusal, such as `NoSuchBucket`; `nil` if it gives no code.
  package var code: String?
  /// Why, in one line.
  package var message: String
  /// What to do about it.
  package var help: String?
  /// How long the service asks to wait before it is asked again.
  package var retryAfter: Duration?
  /// Whether what was asked for may have been done all the same: the request was sent, and no answer told.
  package var mayHaveBeenDone: Bool
  /// The region that the service names in place of the one that was asked.
  package var region: String?
  /// Whether the connection failed, rather than the configuration or what came over it.
  package var isConnectionFailure = false
  /// Whether it is about getting credentials, and not about what was asked for.
  package var concernsCredentials = false
  /// Whether no request may be asked again any more: too many have failed.
  var isGivenUp = false

  package init(
    status: Int? = nil, code: String? = nil, _ message: String, help: String? = nil,
    mayHaveBeenDone: Bool = false
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.help = help
    self.mayHaveBeenDone = mayHaveBeenDone
  }

  init(_ problem: WireProblem) { self.init(problem.message, help: problem.help) }

  package var description: String { message }

  /// What services call it when they are asked too much. botocore's `ThrottledRetryableChecker` and its data have the same.
  private static let throttlings: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
    "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete", "EC2ThrottledException",
  ]
  /// What they call it when they can't answer now.
  private static let outages: Set<String> = [
    "InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable", "RequestTimeout",
    "RequestTimeoutException", "IDPCommunicationError",
  ]
  /// What they call credentials that are over, or not known yet.
  private static let expirations: Set<String> = [
    "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired",
  ]

  /// Whether the service refused before it did anything, for it is asked too much.
  package var isOverload: Bool {
    !isGivenUp && (status == 429 || code.map(Self.throttlings.contains) == true)
  }
  /// Whether asking again may help.
  package var mayPass: Bool {
    !isGivenUp
      && (isOverload || isConnectionFailure || code.map(Self.outages.contains) == true
        || [500, 502, 503, 504].contains(status))
  }
  /// Whether the credentials are over.
  package var isExpired: Bool { code.map(Self.expirations.contains) == true }
  /// Whether the service's clock shows another time than this machine's.
  var isSkewed: Bool { code == "RequestTimeTooSkewed" || code == "RequestInTheFuture" }
  /// Whether what was asked for is not there.
  package var isNotFound: Bool { status == 404 }
  /// Whether it may not be done with these credentials.
  package var isForbidden: Bool { status == 403 || status == 401 }
  /// Whether a condition of the request does not hold.
  package var isConditionBroken: Bool { status == 412 }
}
