using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway.Serving;

/// <summary>Between Kestrel and the pipeline: one context a connection or stream, used again for each of its requests.</summary>
internal sealed class GatewayApplication(GatewayPipeline pipeline) : IHttpApplication<GatewayContext>
{
    public GatewayContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<GatewayContext> container) return new(contextFeatures);
        if (container.HostContext is { } context)
        {
            context.Http.Initialize(contextFeatures);
            return context;
        }
        return container.HostContext = new(contextFeatures);
    }

    public Task ProcessRequestAsync(GatewayContext context) => pipeline.HandleAsync(context.Http, context.Connection);

    public void DisposeContext(GatewayContext context, Exception? exception) => context.Http.Uninitialize();
}
