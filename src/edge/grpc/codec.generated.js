// Made by generate-codec.ts out of proto/; do not edit.
/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars*/
import $protobuf from "protobufjs/minimal.js";

const $Writer = $protobuf.Writer, $util = $protobuf.util;

const $root = $protobuf.roots["sluice"] || ($protobuf.roots["sluice"] = {});

export const envoy = $root.envoy = (() => {

    const envoy = {};

    envoy.service = (function() {

        const service = {};

        service.auth = (function() {

            const auth = {};

            auth.v3 = (function() {

                const v3 = {};

                v3.CheckRequest = (function() {

                    function CheckRequest(properties) {
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    CheckRequest.prototype.attributes = null;

                    CheckRequest.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.attributes != null && Object.hasOwnProperty.call(message, "attributes"))
                            $root.envoy.service.auth.v3.AttributeContext.encode(message.attributes, writer.uint32(10).fork(), q + 1).ldelim();
                        return writer;
                    };

                    return CheckRequest;
                })();

                v3.CheckResponse = (function() {

                    function CheckResponse(properties) {
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    CheckResponse.prototype.status = null;
                    CheckResponse.prototype.deniedResponse = null;
                    CheckResponse.prototype.okResponse = null;
                    CheckResponse.prototype.dynamicMetadata = null;

                    let $oneOfFields;

                    Object.defineProperty(CheckResponse.prototype, "httpResponse", {
                        get: $util.oneOfGetter($oneOfFields = ["deniedResponse", "okResponse"]),
                        set: $util.oneOfSetter($oneOfFields)
                    });

                    CheckResponse.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.status != null && Object.hasOwnProperty.call(message, "status"))
                            $root.google.rpc.Status.encode(message.status, writer.uint32(10).fork(), q + 1).ldelim();
                        if (message.deniedResponse != null && Object.hasOwnProperty.call(message, "deniedResponse"))
                            $root.envoy.service.auth.v3.DeniedHttpResponse.encode(message.deniedResponse, writer.uint32(18).fork(), q + 1).ldelim();
                        if (message.okResponse != null && Object.hasOwnProperty.call(message, "okResponse"))
                            $root.envoy.service.auth.v3.OkHttpResponse.encode(message.okResponse, writer.uint32(26).fork(), q + 1).ldelim();
                        if (message.dynamicMetadata != null && Object.hasOwnProperty.call(message, "dynamicMetadata"))
                            $root.google.protobuf.Struct.encode(message.dynamicMetadata, writer.uint32(34).fork(), q + 1).ldelim();
                        return writer;
                    };

                    return CheckResponse;
                })();

                v3.DeniedHttpResponse = (function() {

                    function DeniedHttpResponse(properties) {
                        this.headers = [];
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    DeniedHttpResponse.prototype.status = null;
                    DeniedHttpResponse.prototype.headers = $util.emptyArray;
                    DeniedHttpResponse.prototype.body = "";

                    DeniedHttpResponse.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.status != null && Object.hasOwnProperty.call(message, "status"))
                            $root.envoy.type.v3.HttpStatus.encode(message.status, writer.uint32(10).fork(), q + 1).ldelim();
                        if (message.headers != null && message.headers.length)
                            for (let i = 0; i < message.headers.length; ++i)
                                $root.envoy.config.core.v3.HeaderValueOption.encode(message.headers[i], writer.uint32(18).fork(), q + 1).ldelim();
                        if (message.body != null && Object.hasOwnProperty.call(message, "body"))
                            writer.uint32(26).string(message.body);
                        return writer;
                    };

                    return DeniedHttpResponse;
                })();

                v3.OkHttpResponse = (function() {

                    function OkHttpResponse(properties) {
                        this.headers = [];
                        this.headersToRemove = [];
                        this.responseHeadersToAdd = [];
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    OkHttpResponse.prototype.headers = $util.emptyArray;
                    OkHttpResponse.prototype.headersToRemove = $util.emptyArray;
                    OkHttpResponse.prototype.responseHeadersToAdd = $util.emptyArray;

                    OkHttpResponse.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.headers != null && message.headers.length)
                            for (let i = 0; i < message.headers.length; ++i)
                                $root.envoy.config.core.v3.HeaderValueOption.encode(message.headers[i], writer.uint32(18).fork(), q + 1).ldelim();
                        if (message.headersToRemove != null && message.headersToRemove.length)
                            for (let i = 0; i < message.headersToRemove.length; ++i)
                                writer.uint32(42).string(message.headersToRemove[i]);
                        if (message.responseHeadersToAdd != null && message.responseHeadersToAdd.length)
                            for (let i = 0; i < message.responseHeadersToAdd.length; ++i)
                                $root.envoy.config.core.v3.HeaderValueOption.encode(message.responseHeadersToAdd[i], writer.uint32(50).fork(), q + 1).ldelim();
                        return writer;
                    };

                    return OkHttpResponse;
                })();

                v3.AttributeContext = (function() {

                    function AttributeContext(properties) {
                        this.contextExtensions = {};
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    AttributeContext.prototype.source = null;
                    AttributeContext.prototype.destination = null;
                    AttributeContext.prototype.request = null;
                    AttributeContext.prototype.contextExtensions = $util.emptyObject;
                    AttributeContext.prototype.metadataContext = null;
                    AttributeContext.prototype.tlsSession = null;
                    AttributeContext.prototype.routeMetadataContext = null;

                    AttributeContext.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.source != null && Object.hasOwnProperty.call(message, "source"))
                            $root.envoy.service.auth.v3.AttributeContext.Peer.encode(message.source, writer.uint32(10).fork(), q + 1).ldelim();
                        if (message.destination != null && Object.hasOwnProperty.call(message, "destination"))
                            $root.envoy.service.auth.v3.AttributeContext.Peer.encode(message.destination, writer.uint32(18).fork(), q + 1).ldelim();
                        if (message.request != null && Object.hasOwnProperty.call(message, "request"))
                            $root.envoy.service.auth.v3.AttributeContext.Request.encode(message.request, writer.uint32(34).fork(), q + 1).ldelim();
                        if (message.contextExtensions != null && Object.hasOwnProperty.call(message, "contextExtensions"))
                            for (let keys = Object.keys(message.contextExtensions), i = 0; i < keys.length; ++i)
                                writer.uint32(82).fork().uint32(10).string(keys[i]).uint32(18).string(message.contextExtensions[keys[i]]).ldelim();
                        if (message.metadataContext != null && Object.hasOwnProperty.call(message, "metadataContext"))
                            $root.envoy.config.core.v3.Metadata.encode(message.metadataContext, writer.uint32(90).fork(), q + 1).ldelim();
                        if (message.tlsSession != null && Object.hasOwnProperty.call(message, "tlsSession"))
                            $root.envoy.service.auth.v3.AttributeContext.TLSSession.encode(message.tlsSession, writer.uint32(98).fork(), q + 1).ldelim();
                        if (message.routeMetadataContext != null && Object.hasOwnProperty.call(message, "routeMetadataContext"))
                            $root.envoy.config.core.v3.Metadata.encode(message.routeMetadataContext, writer.uint32(106).fork(), q + 1).ldelim();
                        return writer;
                    };

                    AttributeContext.Peer = (function() {

                        function Peer(properties) {
                            this.labels = {};
                            if (properties)
                                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                        this[keys[i]] = properties[keys[i]];
                        }

                        Peer.prototype.address = null;
                        Peer.prototype.service = "";
                        Peer.prototype.labels = $util.emptyObject;
                        Peer.prototype.principal = "";
                        Peer.prototype.certificate = "";

                        Peer.encode = function encode(message, writer, q) {
                            if (!writer)
                                writer = $Writer.create();
                            if (q === undefined)
                                q = 0;
                            if (q > $util.recursionLimit)
                                throw Error("max depth exceeded");
                            if (message.address != null && Object.hasOwnProperty.call(message, "address"))
                                $root.envoy.config.core.v3.Address.encode(message.address, writer.uint32(10).fork(), q + 1).ldelim();
                            if (message.service != null && Object.hasOwnProperty.call(message, "service"))
                                writer.uint32(18).string(message.service);
                            if (message.labels != null && Object.hasOwnProperty.call(message, "labels"))
                                for (let keys = Object.keys(message.labels), i = 0; i < keys.length; ++i)
                                    writer.uint32(26).fork().uint32(10).string(keys[i]).uint32(18).string(message.labels[keys[i]]).ldelim();
                            if (message.principal != null && Object.hasOwnProperty.call(message, "principal"))
                                writer.uint32(34).string(message.principal);
                            if (message.certificate != null && Object.hasOwnProperty.call(message, "certificate"))
                                writer.uint32(42).string(message.certificate);
                            return writer;
                        };

                        return Peer;
                    })();

                    AttributeContext.Request = (function() {

                        function Request(properties) {
                            if (properties)
                                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                        this[keys[i]] = properties[keys[i]];
                        }

                        Request.prototype.time = null;
                        Request.prototype.http = null;

                        Request.encode = function encode(message, writer, q) {
                            if (!writer)
                                writer = $Writer.create();
                            if (q === undefined)
                                q = 0;
                            if (q > $util.recursionLimit)
                                throw Error("max depth exceeded");
                            if (message.time != null && Object.hasOwnProperty.call(message, "time"))
                                $root.google.protobuf.Timestamp.encode(message.time, writer.uint32(10).fork(), q + 1).ldelim();
                            if (message.http != null && Object.hasOwnProperty.call(message, "http"))
                                $root.envoy.service.auth.v3.AttributeContext.HttpRequest.encode(message.http, writer.uint32(18).fork(), q + 1).ldelim();
                            return writer;
                        };

                        return Request;
                    })();

                    AttributeContext.HttpRequest = (function() {

                        function HttpRequest(properties) {
                            this.headers = {};
                            if (properties)
                                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                        this[keys[i]] = properties[keys[i]];
                        }

                        HttpRequest.prototype.id = "";
                        HttpRequest.prototype.method = "";
                        HttpRequest.prototype.headers = $util.emptyObject;
                        HttpRequest.prototype.path = "";
                        HttpRequest.prototype.host = "";
                        HttpRequest.prototype.scheme = "";
                        HttpRequest.prototype.query = "";
                        HttpRequest.prototype.fragment = "";
                        HttpRequest.prototype.size = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                        HttpRequest.prototype.protocol = "";
                        HttpRequest.prototype.body = "";
                        HttpRequest.prototype.rawBody = $util.newBuffer([]);
                        HttpRequest.prototype.headerMap = null;

                        HttpRequest.encode = function encode(message, writer, q) {
                            if (!writer)
                                writer = $Writer.create();
                            if (q === undefined)
                                q = 0;
                            if (q > $util.recursionLimit)
                                throw Error("max depth exceeded");
                            if (message.id != null && Object.hasOwnProperty.call(message, "id"))
                                writer.uint32(10).string(message.id);
                            if (message.method != null && Object.hasOwnProperty.call(message, "method"))
                                writer.uint32(18).string(message.method);
                            if (message.headers != null && Object.hasOwnProperty.call(message, "headers"))
                                for (let keys = Object.keys(message.headers), i = 0; i < keys.length; ++i)
                                    writer.uint32(26).fork().uint32(10).string(keys[i]).uint32(18).string(message.headers[keys[i]]).ldelim();
                            if (message.path != null && Object.hasOwnProperty.call(message, "path"))
                                writer.uint32(34).string(message.path);
                            if (message.host != null && Object.hasOwnProperty.call(message, "host"))
                                writer.uint32(42).string(message.host);
                            if (message.scheme != null && Object.hasOwnProperty.call(message, "scheme"))
                                writer.uint32(50).string(message.scheme);
                            if (message.query != null && Object.hasOwnProperty.call(message, "query"))
                                writer.uint32(58).string(message.query);
                            if (message.fragment != null && Object.hasOwnProperty.call(message, "fragment"))
                                writer.uint32(66).string(message.fragment);
                            if (message.size != null && Object.hasOwnProperty.call(message, "size"))
                                writer.uint32(72).int64(message.size);
                            if (message.protocol != null && Object.hasOwnProperty.call(message, "protocol"))
                                writer.uint32(82).string(message.protocol);
                            if (message.body != null && Object.hasOwnProperty.call(message, "body"))
                                writer.uint32(90).string(message.body);
                            if (message.rawBody != null && Object.hasOwnProperty.call(message, "rawBody"))
                                writer.uint32(98).bytes(message.rawBody);
                            if (message.headerMap != null && Object.hasOwnProperty.call(message, "headerMap"))
                                $root.envoy.config.core.v3.HeaderMap.encode(message.headerMap, writer.uint32(106).fork(), q + 1).ldelim();
                            return writer;
                        };

                        return HttpRequest;
                    })();

                    AttributeContext.TLSSession = (function() {

                        function TLSSession(properties) {
                            if (properties)
                                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                        this[keys[i]] = properties[keys[i]];
                        }

                        TLSSession.prototype.sni = "";

                        TLSSession.encode = function encode(message, writer, q) {
                            if (!writer)
                                writer = $Writer.create();
                            if (q === undefined)
                                q = 0;
                            if (q > $util.recursionLimit)
                                throw Error("max depth exceeded");
                            if (message.sni != null && Object.hasOwnProperty.call(message, "sni"))
                                writer.uint32(10).string(message.sni);
                            return writer;
                        };

                        return TLSSession;
                    })();

                    return AttributeContext;
                })();

                return v3;
            })();

            return auth;
        })();

        return service;
    })();

    envoy.config = (function() {

        const config = {};

        config.core = (function() {

            const core = {};

            core.v3 = (function() {

                const v3 = {};

                v3.HeaderValue = (function() {

                    function HeaderValue(properties) {
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    HeaderValue.prototype.key = "";
                    HeaderValue.prototype.value = "";
                    HeaderValue.prototype.rawValue = $util.newBuffer([]);

                    HeaderValue.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.key != null && Object.hasOwnProperty.call(message, "key"))
                            writer.uint32(10).string(message.key);
                        if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                            writer.uint32(18).string(message.value);
                        if (message.rawValue != null && Object.hasOwnProperty.call(message, "rawValue"))
                            writer.uint32(26).bytes(message.rawValue);
                        return writer;
                    };

                    return HeaderValue;
                })();

                v3.HeaderMap = (function() {

                    function HeaderMap(properties) {
                        this.headers = [];
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    HeaderMap.prototype.headers = $util.emptyArray;

                    HeaderMap.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.headers != null && message.headers.length)
                            for (let i = 0; i < message.headers.length; ++i)
                                $root.envoy.config.core.v3.HeaderValue.encode(message.headers[i], writer.uint32(10).fork(), q + 1).ldelim();
                        return writer;
                    };

                    return HeaderMap;
                })();

                v3.HeaderValueOption = (function() {

                    function HeaderValueOption(properties) {
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    HeaderValueOption.prototype.header = null;
                    HeaderValueOption.prototype.append = null;
                    HeaderValueOption.prototype.appendAction = 0;
                    HeaderValueOption.prototype.keepEmptyValue = false;

                    HeaderValueOption.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.header != null && Object.hasOwnProperty.call(message, "header"))
                            $root.envoy.config.core.v3.HeaderValue.encode(message.header, writer.uint32(10).fork(), q + 1).ldelim();
                        if (message.append != null && Object.hasOwnProperty.call(message, "append"))
                            $root.google.protobuf.BoolValue.encode(message.append, writer.uint32(18).fork(), q + 1).ldelim();
                        if (message.appendAction != null && Object.hasOwnProperty.call(message, "appendAction"))
                            writer.uint32(24).int32(message.appendAction);
                        if (message.keepEmptyValue != null && Object.hasOwnProperty.call(message, "keepEmptyValue"))
                            writer.uint32(32).bool(message.keepEmptyValue);
                        return writer;
                    };

                    HeaderValueOption.HeaderAppendAction = (function() {
                        const valuesById = {}, values = Object.create(valuesById);
                        values[valuesById[0] = "APPEND_IF_EXISTS_OR_ADD"] = 0;
                        values[valuesById[1] = "ADD_IF_ABSENT"] = 1;
                        values[valuesById[2] = "OVERWRITE_IF_EXISTS_OR_ADD"] = 2;
                        values[valuesById[3] = "OVERWRITE_IF_EXISTS"] = 3;
                        return values;
                    })();

                    return HeaderValueOption;
                })();

                v3.Metadata = (function() {

                    function Metadata(properties) {
                        this.filterMetadata = {};
                        this.typedFilterMetadata = {};
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    Metadata.prototype.filterMetadata = $util.emptyObject;
                    Metadata.prototype.typedFilterMetadata = $util.emptyObject;

                    Metadata.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.filterMetadata != null && Object.hasOwnProperty.call(message, "filterMetadata"))
                            for (let keys = Object.keys(message.filterMetadata), i = 0; i < keys.length; ++i) {
                                writer.uint32(10).fork().uint32(10).string(keys[i]);
                                $root.google.protobuf.Struct.encode(message.filterMetadata[keys[i]], writer.uint32(18).fork(), q + 1).ldelim().ldelim();
                            }
                        if (message.typedFilterMetadata != null && Object.hasOwnProperty.call(message, "typedFilterMetadata"))
                            for (let keys = Object.keys(message.typedFilterMetadata), i = 0; i < keys.length; ++i) {
                                writer.uint32(18).fork().uint32(10).string(keys[i]);
                                $root.google.protobuf.Any.encode(message.typedFilterMetadata[keys[i]], writer.uint32(18).fork(), q + 1).ldelim().ldelim();
                            }
                        return writer;
                    };

                    return Metadata;
                })();

                v3.Address = (function() {

                    function Address(properties) {
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    Address.prototype.socketAddress = null;
                    Address.prototype.pipe = null;
                    Address.prototype.envoyInternalAddress = null;

                    let $oneOfFields;

                    Object.defineProperty(Address.prototype, "address", {
                        get: $util.oneOfGetter($oneOfFields = ["socketAddress", "pipe", "envoyInternalAddress"]),
                        set: $util.oneOfSetter($oneOfFields)
                    });

                    Address.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.socketAddress != null && Object.hasOwnProperty.call(message, "socketAddress"))
                            $root.envoy.config.core.v3.SocketAddress.encode(message.socketAddress, writer.uint32(10).fork(), q + 1).ldelim();
                        if (message.pipe != null && Object.hasOwnProperty.call(message, "pipe"))
                            $root.envoy.config.core.v3.Pipe.encode(message.pipe, writer.uint32(18).fork(), q + 1).ldelim();
                        if (message.envoyInternalAddress != null && Object.hasOwnProperty.call(message, "envoyInternalAddress"))
                            $root.envoy.config.core.v3.EnvoyInternalAddress.encode(message.envoyInternalAddress, writer.uint32(26).fork(), q + 1).ldelim();
                        return writer;
                    };

                    return Address;
                })();

                v3.SocketAddress = (function() {

                    function SocketAddress(properties) {
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    SocketAddress.prototype.protocol = 0;
                    SocketAddress.prototype.address = "";
                    SocketAddress.prototype.portValue = null;
                    SocketAddress.prototype.namedPort = null;

                    let $oneOfFields;

                    Object.defineProperty(SocketAddress.prototype, "portSpecifier", {
                        get: $util.oneOfGetter($oneOfFields = ["portValue", "namedPort"]),
                        set: $util.oneOfSetter($oneOfFields)
                    });

                    SocketAddress.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.protocol != null && Object.hasOwnProperty.call(message, "protocol"))
                            writer.uint32(8).int32(message.protocol);
                        if (message.address != null && Object.hasOwnProperty.call(message, "address"))
                            writer.uint32(18).string(message.address);
                        if (message.portValue != null && Object.hasOwnProperty.call(message, "portValue"))
                            writer.uint32(24).uint32(message.portValue);
                        if (message.namedPort != null && Object.hasOwnProperty.call(message, "namedPort"))
                            writer.uint32(34).string(message.namedPort);
                        return writer;
                    };

                    SocketAddress.Protocol = (function() {
                        const valuesById = {}, values = Object.create(valuesById);
                        values[valuesById[0] = "TCP"] = 0;
                        values[valuesById[1] = "UDP"] = 1;
                        return values;
                    })();

                    return SocketAddress;
                })();

                v3.Pipe = (function() {

                    function Pipe(properties) {
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    Pipe.prototype.path = "";
                    Pipe.prototype.mode = 0;

                    Pipe.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.path != null && Object.hasOwnProperty.call(message, "path"))
                            writer.uint32(10).string(message.path);
                        if (message.mode != null && Object.hasOwnProperty.call(message, "mode"))
                            writer.uint32(16).uint32(message.mode);
                        return writer;
                    };

                    return Pipe;
                })();

                v3.EnvoyInternalAddress = (function() {

                    function EnvoyInternalAddress(properties) {
                        if (properties)
                            for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    }

                    EnvoyInternalAddress.prototype.serverListenerName = null;
                    EnvoyInternalAddress.prototype.endpointId = "";

                    let $oneOfFields;

                    Object.defineProperty(EnvoyInternalAddress.prototype, "addressNameSpecifier", {
                        get: $util.oneOfGetter($oneOfFields = ["serverListenerName"]),
                        set: $util.oneOfSetter($oneOfFields)
                    });

                    EnvoyInternalAddress.encode = function encode(message, writer, q) {
                        if (!writer)
                            writer = $Writer.create();
                        if (q === undefined)
                            q = 0;
                        if (q > $util.recursionLimit)
                            throw Error("max depth exceeded");
                        if (message.serverListenerName != null && Object.hasOwnProperty.call(message, "serverListenerName"))
                            writer.uint32(10).string(message.serverListenerName);
                        if (message.endpointId != null && Object.hasOwnProperty.call(message, "endpointId"))
                            writer.uint32(18).string(message.endpointId);
                        return writer;
                    };

                    return EnvoyInternalAddress;
                })();

                return v3;
            })();

            return core;
        })();

        return config;
    })();

    envoy.type = (function() {

        const type = {};

        type.v3 = (function() {

            const v3 = {};

            v3.StatusCode = (function() {
                const valuesById = {}, values = Object.create(valuesById);
                values[valuesById[0] = "Empty"] = 0;
                values[valuesById[400] = "BadRequest"] = 400;
                values[valuesById[401] = "Unauthorized"] = 401;
                values[valuesById[402] = "PaymentRequired"] = 402;
                values[valuesById[403] = "Forbidden"] = 403;
                values[valuesById[407] = "ProxyAuthenticationRequired"] = 407;
                values[valuesById[429] = "TooManyRequests"] = 429;
                values[valuesById[503] = "ServiceUnavailable"] = 503;
                return values;
            })();

            v3.HttpStatus = (function() {

                function HttpStatus(properties) {
                    if (properties)
                        for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                }

                HttpStatus.prototype.code = 0;

                HttpStatus.encode = function encode(message, writer, q) {
                    if (!writer)
                        writer = $Writer.create();
                    if (q === undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw Error("max depth exceeded");
                    if (message.code != null && Object.hasOwnProperty.call(message, "code"))
                        writer.uint32(8).int32(message.code);
                    return writer;
                };

                return HttpStatus;
            })();

            return v3;
        })();

        return type;
    })();

    return envoy;
})();

export const google = $root.google = (() => {

    const google = {};

    google.protobuf = (function() {

        const protobuf = {};

        protobuf.Any = (function() {

            function Any(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            Any.prototype.type_url = "";
            Any.prototype.value = $util.newBuffer([]);

            Any.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.type_url != null && Object.hasOwnProperty.call(message, "type_url"))
                    writer.uint32(10).string(message.type_url);
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(18).bytes(message.value);
                return writer;
            };

            return Any;
        })();

        protobuf.Struct = (function() {

            function Struct(properties) {
                this.fields = {};
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            Struct.prototype.fields = $util.emptyObject;

            Struct.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.fields != null && Object.hasOwnProperty.call(message, "fields"))
                    for (let keys = Object.keys(message.fields), i = 0; i < keys.length; ++i) {
                        writer.uint32(10).fork().uint32(10).string(keys[i]);
                        $root.google.protobuf.Value.encode(message.fields[keys[i]], writer.uint32(18).fork(), q + 1).ldelim().ldelim();
                    }
                return writer;
            };

            return Struct;
        })();

        protobuf.Value = (function() {

            function Value(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            Value.prototype.nullValue = null;
            Value.prototype.numberValue = null;
            Value.prototype.stringValue = null;
            Value.prototype.boolValue = null;
            Value.prototype.structValue = null;
            Value.prototype.listValue = null;

            let $oneOfFields;

            Object.defineProperty(Value.prototype, "kind", {
                get: $util.oneOfGetter($oneOfFields = ["nullValue", "numberValue", "stringValue", "boolValue", "structValue", "listValue"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Value.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.nullValue != null && Object.hasOwnProperty.call(message, "nullValue"))
                    writer.uint32(8).int32(message.nullValue);
                if (message.numberValue != null && Object.hasOwnProperty.call(message, "numberValue"))
                    writer.uint32(17).double(message.numberValue);
                if (message.stringValue != null && Object.hasOwnProperty.call(message, "stringValue"))
                    writer.uint32(26).string(message.stringValue);
                if (message.boolValue != null && Object.hasOwnProperty.call(message, "boolValue"))
                    writer.uint32(32).bool(message.boolValue);
                if (message.structValue != null && Object.hasOwnProperty.call(message, "structValue"))
                    $root.google.protobuf.Struct.encode(message.structValue, writer.uint32(42).fork(), q + 1).ldelim();
                if (message.listValue != null && Object.hasOwnProperty.call(message, "listValue"))
                    $root.google.protobuf.ListValue.encode(message.listValue, writer.uint32(50).fork(), q + 1).ldelim();
                return writer;
            };

            return Value;
        })();

        protobuf.NullValue = (function() {
            const valuesById = {}, values = Object.create(valuesById);
            values[valuesById[0] = "NULL_VALUE"] = 0;
            return values;
        })();

        protobuf.ListValue = (function() {

            function ListValue(properties) {
                this.values = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            ListValue.prototype.values = $util.emptyArray;

            ListValue.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.values != null && message.values.length)
                    for (let i = 0; i < message.values.length; ++i)
                        $root.google.protobuf.Value.encode(message.values[i], writer.uint32(10).fork(), q + 1).ldelim();
                return writer;
            };

            return ListValue;
        })();

        protobuf.DoubleValue = (function() {

            function DoubleValue(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            DoubleValue.prototype.value = 0;

            DoubleValue.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(9).double(message.value);
                return writer;
            };

            return DoubleValue;
        })();

        protobuf.FloatValue = (function() {

            function FloatValue(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            FloatValue.prototype.value = 0;

            FloatValue.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(13).float(message.value);
                return writer;
            };

            return FloatValue;
        })();

        protobuf.Int64Value = (function() {

            function Int64Value(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            Int64Value.prototype.value = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            Int64Value.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(8).int64(message.value);
                return writer;
            };

            return Int64Value;
        })();

        protobuf.UInt64Value = (function() {

            function UInt64Value(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            UInt64Value.prototype.value = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            UInt64Value.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(8).uint64(message.value);
                return writer;
            };

            return UInt64Value;
        })();

        protobuf.Int32Value = (function() {

            function Int32Value(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            Int32Value.prototype.value = 0;

            Int32Value.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(8).int32(message.value);
                return writer;
            };

            return Int32Value;
        })();

        protobuf.UInt32Value = (function() {

            function UInt32Value(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            UInt32Value.prototype.value = 0;

            UInt32Value.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(8).uint32(message.value);
                return writer;
            };

            return UInt32Value;
        })();

        protobuf.BoolValue = (function() {

            function BoolValue(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            BoolValue.prototype.value = false;

            BoolValue.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(8).bool(message.value);
                return writer;
            };

            return BoolValue;
        })();

        protobuf.StringValue = (function() {

            function StringValue(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            StringValue.prototype.value = "";

            StringValue.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(10).string(message.value);
                return writer;
            };

            return StringValue;
        })();

        protobuf.BytesValue = (function() {

            function BytesValue(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            BytesValue.prototype.value = $util.newBuffer([]);

            BytesValue.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.value != null && Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(10).bytes(message.value);
                return writer;
            };

            return BytesValue;
        })();

        protobuf.Timestamp = (function() {

            function Timestamp(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            Timestamp.prototype.seconds = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Timestamp.prototype.nanos = 0;

            Timestamp.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.seconds != null && Object.hasOwnProperty.call(message, "seconds"))
                    writer.uint32(8).int64(message.seconds);
                if (message.nanos != null && Object.hasOwnProperty.call(message, "nanos"))
                    writer.uint32(16).int32(message.nanos);
                return writer;
            };

            return Timestamp;
        })();

        return protobuf;
    })();

    google.rpc = (function() {

        const rpc = {};

        rpc.Status = (function() {

            function Status(properties) {
                this.details = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            Status.prototype.code = 0;
            Status.prototype.message = "";
            Status.prototype.details = $util.emptyArray;

            Status.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.code != null && Object.hasOwnProperty.call(message, "code"))
                    writer.uint32(8).int32(message.code);
                if (message.message != null && Object.hasOwnProperty.call(message, "message"))
                    writer.uint32(18).string(message.message);
                if (message.details != null && message.details.length)
                    for (let i = 0; i < message.details.length; ++i)
                        $root.google.protobuf.Any.encode(message.details[i], writer.uint32(26).fork(), q + 1).ldelim();
                return writer;
            };

            return Status;
        })();

        return rpc;
    })();

    return google;
})();

export { $root as default };
