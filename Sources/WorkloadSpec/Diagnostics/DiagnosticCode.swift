/// The stable code of each kind of diagnostic.
///
/// A code is never given a second meaning. `E` codes are errors, `W` codes are warnings; the first two digits
/// name the area: 01 YAML, 02 structure, 03 values, 04 the rules of a workload, 05 variables and layers,
/// 06 planning, 07 applying.
public enum DiagnosticCode: String, Sendable, CaseIterable {
  // MARK: 01 YAML
  case invalidYAML = "E0101"
  case notUTF8 = "E0102"
  case controlCharacter = "E0103"
  case nestedTooDeep = "E0104"
  case unknownAlias = "E0105"
  case aliasesTooLarge = "E0106"
  case unknownTag = "E0107"
  case complexKey = "E0108"
  case badMergeKey = "E0109"
  case unreadableFile = "E0110"
  case noDocument = "E0111"
  case fileTooLarge = "E0112"

  // MARK: 02 Structure
  case wrongType = "E0201"
  case unknownKey = "E0202"
  case duplicateKey = "E0203"
  case missingKey = "E0204"
  case duplicateElement = "E0205"
  case reservedKey = "E0206"
  case nullElement = "E0207"

  // MARK: 03 Values
  case badName = "E0301"
  case badChoice = "E0302"
  case badInteger = "E0303"
  case outOfRange = "E0304"
  case badBoolean = "E0305"
  case badQuantity = "E0306"
  case badDuration = "E0307"
  case badImage = "E0308"
  case badPath = "E0309"
  case badEnvironmentName = "E0310"
  case emptyValue = "E0311"
  case badLabel = "E0312"
  case reservedLabel = "E0313"
  case badCharacter = "E0314"

  // MARK: 04 The rules of a workload
  case noMain = "E0401"
  case severalMains = "E0402"
  case duplicateService = "E0403"
  case unknownDependency = "E0404"
  case dependencyCycle = "E0405"
  case initDependency = "E0406"
  case nothingToRun = "E0407"
  case duplicateWorkload = "E0408"
  case healthCheckKind = "E0409"
  case healthCheckPort = "E0410"
  case hostPortClash = "E0411"
  case mountPathClash = "E0412"
  case badStrategy = "E0413"
  case secretTarget = "E0414"
  case badConfigContent = "E0415"
  case initHealthCheck = "E0416"
  case hostPortReplicas = "E0417"
  case volumeMismatch = "E0418"
  case configFileSource = "E0419"
  case floatingTag = "W0401"

  // MARK: 05 Variables and layers
  case undefinedVariable = "E0501"
  case badVariableValue = "E0502"
  case missingVariable = "E0503"
  case badInterpolation = "E0504"
  case badVariableDeclaration = "E0505"
  case unknownVariableGiven = "E0506"
  case unusedVariable = "W0501"
  case unknownVariableInFile = "W0502"

  // MARK: 06 Planning
  case missingCapability = "E0601"
  case foreignObject = "E0602"
  case kindChanged = "E0603"
  case volumeShrunk = "E0604"
  case observationIncomplete = "E0605"
  case noRelease = "E0606"
  case unknownService = "E0607"
  case providerRefuses = "E0608"
  case portTaken = "E0609"
  case unresolvedSecret = "E0610"
  case suspended = "E0612"
  case unknownInstance = "E0613"
  case providerNote = "W0601"
  case volumeDetached = "W0602"
  case driftElsewhere = "W0603"
  case staysStopped = "W0604"
  case isSuspended = "W0605"
  case scaledByHand = "W0606"

  // MARK: 07 Applying
  case lockHeld = "E0701"
  case lockLost = "E0702"
  case actionFailed = "E0703"
  case engineUnreachable = "E0704"
  case storeUnusable = "E0705"
  case planChanged = "E0706"
  case confirmationNeeded = "E0707"
  case unknownWorkload = "E0708"
  case unknownProvider = "E0709"
  case unknownRelease = "E0710"
  case badConfiguration = "E0711"
  case unknownPlanFormat = "E0720"
  case planAltered = "E0721"
  case planOfOtherEngine = "E0722"
  case noPlanKey = "E0723"

  /// Whether input with this diagnostic can still be used.
  public var severity: Severity { rawValue.hasPrefix("W") ? .warning : .error }
}
