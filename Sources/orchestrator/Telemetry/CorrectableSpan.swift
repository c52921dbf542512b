import OTelSDK
import Runner

/// What the runner learns only afterwards goes into the spans of the SDK.
extension OTelSpan: CorrectableSpan {}
