// Made by generate-codec.ts out of proto/; do not edit.
import * as $protobuf from "protobufjs";
export namespace envoy {

    namespace service {

        namespace auth {

            namespace v3 {

                interface ICheckRequest {
                    attributes?: (envoy.service.auth.v3.IAttributeContext|null);
                }

                class CheckRequest implements ICheckRequest {
                    constructor(properties?: envoy.service.auth.v3.ICheckRequest);
                    public attributes?: (envoy.service.auth.v3.IAttributeContext|null);
                    public static encode(message: envoy.service.auth.v3.ICheckRequest, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                interface ICheckResponse {
                    status?: (google.rpc.IStatus|null);
                    deniedResponse?: (envoy.service.auth.v3.IDeniedHttpResponse|null);
                    okResponse?: (envoy.service.auth.v3.IOkHttpResponse|null);
                    dynamicMetadata?: (google.protobuf.IStruct|null);
                }

                class CheckResponse implements ICheckResponse {
                    constructor(properties?: envoy.service.auth.v3.ICheckResponse);
                    public status?: (google.rpc.IStatus|null);
                    public deniedResponse?: (envoy.service.auth.v3.IDeniedHttpResponse|null);
                    public okResponse?: (envoy.service.auth.v3.IOkHttpResponse|null);
                    public dynamicMetadata?: (google.protobuf.IStruct|null);
                    public httpResponse?: ("deniedResponse"|"okResponse");
                    public static encode(message: envoy.service.auth.v3.ICheckResponse, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                interface IDeniedHttpResponse {
                    status?: (envoy.type.v3.IHttpStatus|null);
                    headers?: (envoy.config.core.v3.IHeaderValueOption[]|null);
                    body?: (string|null);
                }

                class DeniedHttpResponse implements IDeniedHttpResponse {
                    constructor(properties?: envoy.service.auth.v3.IDeniedHttpResponse);
                    public status?: (envoy.type.v3.IHttpStatus|null);
                    public headers: envoy.config.core.v3.IHeaderValueOption[];
                    public body: string;
                    public static encode(message: envoy.service.auth.v3.IDeniedHttpResponse, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                interface IOkHttpResponse {
                    headers?: (envoy.config.core.v3.IHeaderValueOption[]|null);
                    headersToRemove?: (string[]|null);
                    responseHeadersToAdd?: (envoy.config.core.v3.IHeaderValueOption[]|null);
                }

                class OkHttpResponse implements IOkHttpResponse {
                    constructor(properties?: envoy.service.auth.v3.IOkHttpResponse);
                    public headers: envoy.config.core.v3.IHeaderValueOption[];
                    public headersToRemove: string[];
                    public responseHeadersToAdd: envoy.config.core.v3.IHeaderValueOption[];
                    public static encode(message: envoy.service.auth.v3.IOkHttpResponse, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                interface IAttributeContext {
                    source?: (envoy.service.auth.v3.AttributeContext.IPeer|null);
                    destination?: (envoy.service.auth.v3.AttributeContext.IPeer|null);
                    request?: (envoy.service.auth.v3.AttributeContext.IRequest|null);
                    contextExtensions?: ({ [k: string]: string }|null);
                    metadataContext?: (envoy.config.core.v3.IMetadata|null);
                    tlsSession?: (envoy.service.auth.v3.AttributeContext.ITLSSession|null);
                    routeMetadataContext?: (envoy.config.core.v3.IMetadata|null);
                }

                class AttributeContext implements IAttributeContext {
                    constructor(properties?: envoy.service.auth.v3.IAttributeContext);
                    public source?: (envoy.service.auth.v3.AttributeContext.IPeer|null);
                    public destination?: (envoy.service.auth.v3.AttributeContext.IPeer|null);
                    public request?: (envoy.service.auth.v3.AttributeContext.IRequest|null);
                    public contextExtensions: { [k: string]: string };
                    public metadataContext?: (envoy.config.core.v3.IMetadata|null);
                    public tlsSession?: (envoy.service.auth.v3.AttributeContext.ITLSSession|null);
                    public routeMetadataContext?: (envoy.config.core.v3.IMetadata|null);
                    public static encode(message: envoy.service.auth.v3.IAttributeContext, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                namespace AttributeContext {

                    interface IPeer {
                        address?: (envoy.config.core.v3.IAddress|null);
                        service?: (string|null);
                        labels?: ({ [k: string]: string }|null);
                        principal?: (string|null);
                        certificate?: (string|null);
                    }

                    class Peer implements IPeer {
                        constructor(properties?: envoy.service.auth.v3.AttributeContext.IPeer);
                        public address?: (envoy.config.core.v3.IAddress|null);
                        public service: string;
                        public labels: { [k: string]: string };
                        public principal: string;
                        public certificate: string;
                        public static encode(message: envoy.service.auth.v3.AttributeContext.IPeer, writer?: $protobuf.Writer): $protobuf.Writer;
                    }

                    interface IRequest {
                        time?: (google.protobuf.ITimestamp|null);
                        http?: (envoy.service.auth.v3.AttributeContext.IHttpRequest|null);
                    }

                    class Request implements IRequest {
                        constructor(properties?: envoy.service.auth.v3.AttributeContext.IRequest);
                        public time?: (google.protobuf.ITimestamp|null);
                        public http?: (envoy.service.auth.v3.AttributeContext.IHttpRequest|null);
                        public static encode(message: envoy.service.auth.v3.AttributeContext.IRequest, writer?: $protobuf.Writer): $protobuf.Writer;
                    }

                    interface IHttpRequest {
                        id?: (string|null);
                        method?: (string|null);
                        headers?: ({ [k: string]: string }|null);
                        path?: (string|null);
                        host?: (string|null);
                        scheme?: (string|null);
                        query?: (string|null);
                        fragment?: (string|null);
                        size?: (number|null);
                        protocol?: (string|null);
                        body?: (string|null);
                        rawBody?: (Uint8Array|null);
                        headerMap?: (envoy.config.core.v3.IHeaderMap|null);
                    }

                    class HttpRequest implements IHttpRequest {
                        constructor(properties?: envoy.service.auth.v3.AttributeContext.IHttpRequest);
                        public id: string;
                        public method: string;
                        public headers: { [k: string]: string };
                        public path: string;
                        public host: string;
                        public scheme: string;
                        public query: string;
                        public fragment: string;
                        public size: number;
                        public protocol: string;
                        public body: string;
                        public rawBody: Uint8Array;
                        public headerMap?: (envoy.config.core.v3.IHeaderMap|null);
                        public static encode(message: envoy.service.auth.v3.AttributeContext.IHttpRequest, writer?: $protobuf.Writer): $protobuf.Writer;
                    }

                    interface ITLSSession {
                        sni?: (string|null);
                    }

                    class TLSSession implements ITLSSession {
                        constructor(properties?: envoy.service.auth.v3.AttributeContext.ITLSSession);
                        public sni: string;
                        public static encode(message: envoy.service.auth.v3.AttributeContext.ITLSSession, writer?: $protobuf.Writer): $protobuf.Writer;
                    }
                }
            }
        }
    }

    namespace config {

        namespace core {

            namespace v3 {

                interface IHeaderValue {
                    key?: (string|null);
                    value?: (string|null);
                    rawValue?: (Uint8Array|null);
                }

                class HeaderValue implements IHeaderValue {
                    constructor(properties?: envoy.config.core.v3.IHeaderValue);
                    public key: string;
                    public value: string;
                    public rawValue: Uint8Array;
                    public static encode(message: envoy.config.core.v3.IHeaderValue, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                interface IHeaderMap {
                    headers?: (envoy.config.core.v3.IHeaderValue[]|null);
                }

                class HeaderMap implements IHeaderMap {
                    constructor(properties?: envoy.config.core.v3.IHeaderMap);
                    public headers: envoy.config.core.v3.IHeaderValue[];
                    public static encode(message: envoy.config.core.v3.IHeaderMap, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                interface IHeaderValueOption {
                    header?: (envoy.config.core.v3.IHeaderValue|null);
                    append?: (google.protobuf.IBoolValue|null);
                    appendAction?: (envoy.config.core.v3.HeaderValueOption.HeaderAppendAction|null);
                    keepEmptyValue?: (boolean|null);
                }

                class HeaderValueOption implements IHeaderValueOption {
                    constructor(properties?: envoy.config.core.v3.IHeaderValueOption);
                    public header?: (envoy.config.core.v3.IHeaderValue|null);
                    public append?: (google.protobuf.IBoolValue|null);
                    public appendAction: envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
                    public keepEmptyValue: boolean;
                    public static encode(message: envoy.config.core.v3.IHeaderValueOption, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                namespace HeaderValueOption {

                    enum HeaderAppendAction {
                        APPEND_IF_EXISTS_OR_ADD = 0,
                        ADD_IF_ABSENT = 1,
                        OVERWRITE_IF_EXISTS_OR_ADD = 2,
                        OVERWRITE_IF_EXISTS = 3
                    }
                }

                interface IMetadata {
                    filterMetadata?: ({ [k: string]: google.protobuf.IStruct }|null);
                    typedFilterMetadata?: ({ [k: string]: google.protobuf.IAny }|null);
                }

                class Metadata implements IMetadata {
                    constructor(properties?: envoy.config.core.v3.IMetadata);
                    public filterMetadata: { [k: string]: google.protobuf.IStruct };
                    public typedFilterMetadata: { [k: string]: google.protobuf.IAny };
                    public static encode(message: envoy.config.core.v3.IMetadata, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                interface IAddress {
                    socketAddress?: (envoy.config.core.v3.ISocketAddress|null);
                    pipe?: (envoy.config.core.v3.IPipe|null);
                    envoyInternalAddress?: (envoy.config.core.v3.IEnvoyInternalAddress|null);
                }

                class Address implements IAddress {
                    constructor(properties?: envoy.config.core.v3.IAddress);
                    public socketAddress?: (envoy.config.core.v3.ISocketAddress|null);
                    public pipe?: (envoy.config.core.v3.IPipe|null);
                    public envoyInternalAddress?: (envoy.config.core.v3.IEnvoyInternalAddress|null);
                    public address?: ("socketAddress"|"pipe"|"envoyInternalAddress");
                    public static encode(message: envoy.config.core.v3.IAddress, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                interface ISocketAddress {
                    protocol?: (envoy.config.core.v3.SocketAddress.Protocol|null);
                    address?: (string|null);
                    portValue?: (number|null);
                    namedPort?: (string|null);
                }

                class SocketAddress implements ISocketAddress {
                    constructor(properties?: envoy.config.core.v3.ISocketAddress);
                    public protocol: envoy.config.core.v3.SocketAddress.Protocol;
                    public address: string;
                    public portValue?: (number|null);
                    public namedPort?: (string|null);
                    public portSpecifier?: ("portValue"|"namedPort");
                    public static encode(message: envoy.config.core.v3.ISocketAddress, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                namespace SocketAddress {

                    enum Protocol {
                        TCP = 0,
                        UDP = 1
                    }
                }

                interface IPipe {
                    path?: (string|null);
                    mode?: (number|null);
                }

                class Pipe implements IPipe {
                    constructor(properties?: envoy.config.core.v3.IPipe);
                    public path: string;
                    public mode: number;
                    public static encode(message: envoy.config.core.v3.IPipe, writer?: $protobuf.Writer): $protobuf.Writer;
                }

                interface IEnvoyInternalAddress {
                    serverListenerName?: (string|null);
                    endpointId?: (string|null);
                }

                class EnvoyInternalAddress implements IEnvoyInternalAddress {
                    constructor(properties?: envoy.config.core.v3.IEnvoyInternalAddress);
                    public serverListenerName?: (string|null);
                    public endpointId: string;
                    public addressNameSpecifier?: "serverListenerName";
                    public static encode(message: envoy.config.core.v3.IEnvoyInternalAddress, writer?: $protobuf.Writer): $protobuf.Writer;
                }
            }
        }
    }

    namespace type {

        namespace v3 {

            enum StatusCode {
                Empty = 0,
                BadRequest = 400,
                Unauthorized = 401,
                PaymentRequired = 402,
                Forbidden = 403,
                ProxyAuthenticationRequired = 407,
                TooManyRequests = 429,
                ServiceUnavailable = 503
            }

            interface IHttpStatus {
                code?: (envoy.type.v3.StatusCode|null);
            }

            class HttpStatus implements IHttpStatus {
                constructor(properties?: envoy.type.v3.IHttpStatus);
                public code: envoy.type.v3.StatusCode;
                public static encode(message: envoy.type.v3.IHttpStatus, writer?: $protobuf.Writer): $protobuf.Writer;
            }
        }
    }
}

export namespace google {

    namespace protobuf {

        interface IAny {
            type_url?: (string|null);
            value?: (Uint8Array|null);
        }

        class Any implements IAny {
            constructor(properties?: google.protobuf.IAny);
            public type_url: string;
            public value: Uint8Array;
            public static encode(message: google.protobuf.IAny, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IStruct {
            fields?: ({ [k: string]: google.protobuf.IValue }|null);
        }

        class Struct implements IStruct {
            constructor(properties?: google.protobuf.IStruct);
            public fields: { [k: string]: google.protobuf.IValue };
            public static encode(message: google.protobuf.IStruct, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IValue {
            nullValue?: (google.protobuf.NullValue|null);
            numberValue?: (number|null);
            stringValue?: (string|null);
            boolValue?: (boolean|null);
            structValue?: (google.protobuf.IStruct|null);
            listValue?: (google.protobuf.IListValue|null);
        }

        class Value implements IValue {
            constructor(properties?: google.protobuf.IValue);
            public nullValue?: (google.protobuf.NullValue|null);
            public numberValue?: (number|null);
            public stringValue?: (string|null);
            public boolValue?: (boolean|null);
            public structValue?: (google.protobuf.IStruct|null);
            public listValue?: (google.protobuf.IListValue|null);
            public kind?: ("nullValue"|"numberValue"|"stringValue"|"boolValue"|"structValue"|"listValue");
            public static encode(message: google.protobuf.IValue, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        enum NullValue {
            NULL_VALUE = 0
        }

        interface IListValue {
            values?: (google.protobuf.IValue[]|null);
        }

        class ListValue implements IListValue {
            constructor(properties?: google.protobuf.IListValue);
            public values: google.protobuf.IValue[];
            public static encode(message: google.protobuf.IListValue, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IDoubleValue {
            value?: (number|null);
        }

        class DoubleValue implements IDoubleValue {
            constructor(properties?: google.protobuf.IDoubleValue);
            public value: number;
            public static encode(message: google.protobuf.IDoubleValue, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IFloatValue {
            value?: (number|null);
        }

        class FloatValue implements IFloatValue {
            constructor(properties?: google.protobuf.IFloatValue);
            public value: number;
            public static encode(message: google.protobuf.IFloatValue, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IInt64Value {
            value?: (number|null);
        }

        class Int64Value implements IInt64Value {
            constructor(properties?: google.protobuf.IInt64Value);
            public value: number;
            public static encode(message: google.protobuf.IInt64Value, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IUInt64Value {
            value?: (number|null);
        }

        class UInt64Value implements IUInt64Value {
            constructor(properties?: google.protobuf.IUInt64Value);
            public value: number;
            public static encode(message: google.protobuf.IUInt64Value, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IInt32Value {
            value?: (number|null);
        }

        class Int32Value implements IInt32Value {
            constructor(properties?: google.protobuf.IInt32Value);
            public value: number;
            public static encode(message: google.protobuf.IInt32Value, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IUInt32Value {
            value?: (number|null);
        }

        class UInt32Value implements IUInt32Value {
            constructor(properties?: google.protobuf.IUInt32Value);
            public value: number;
            public static encode(message: google.protobuf.IUInt32Value, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IBoolValue {
            value?: (boolean|null);
        }

        class BoolValue implements IBoolValue {
            constructor(properties?: google.protobuf.IBoolValue);
            public value: boolean;
            public static encode(message: google.protobuf.IBoolValue, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IStringValue {
            value?: (string|null);
        }

        class StringValue implements IStringValue {
            constructor(properties?: google.protobuf.IStringValue);
            public value: string;
            public static encode(message: google.protobuf.IStringValue, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface IBytesValue {
            value?: (Uint8Array|null);
        }

        class BytesValue implements IBytesValue {
            constructor(properties?: google.protobuf.IBytesValue);
            public value: Uint8Array;
            public static encode(message: google.protobuf.IBytesValue, writer?: $protobuf.Writer): $protobuf.Writer;
        }

        interface ITimestamp {
            seconds?: (number|null);
            nanos?: (number|null);
        }

        class Timestamp implements ITimestamp {
            constructor(properties?: google.protobuf.ITimestamp);
            public seconds: number;
            public nanos: number;
            public static encode(message: google.protobuf.ITimestamp, writer?: $protobuf.Writer): $protobuf.Writer;
        }
    }

    namespace rpc {

        interface IStatus {
            code?: (number|null);
            message?: (string|null);
            details?: (google.protobuf.IAny[]|null);
        }

        class Status implements IStatus {
            constructor(properties?: google.rpc.IStatus);
            public code: number;
            public message: string;
            public details: google.protobuf.IAny[];
            public static encode(message: google.rpc.IStatus, writer?: $protobuf.Writer): $protobuf.Writer;
        }
    }
}
