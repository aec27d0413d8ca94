using Agentic.Retrieval;
using Agentic.TestSupport;
using Microsoft.Extensions.AI;

namespace Agentic.Training.Tests;

public sealed class LocalChatClientTests
{
    [Fact]
    public async Task A_stream_is_the_response_in_pieces_with_the_same_usage()
    {
        using var folder = new TemporaryFolder();
        using var model = Load(folder);
        using var client = new LocalChatClient(model, "small");
        ChatMessage[] messages = [new(ChatRole.System, "The river "), new(ChatRole.User, "runs")];
        var options = new ChatOptions { Temperature = 0.7f, Seed = 5, MaxOutputTokens = 20 };

        var whole = await client.GetResponseAsync(messages, options, TestContext.Current.CancellationToken);
        var streamed = await client.GetStreamingResponseAsync(messages, options, TestContext.Current.CancellationToken).ToChatResponseAsync(TestContext.Current.CancellationToken);

        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal(whole.FinishReason, streamed.FinishReason);
        Assert.Equal((whole.Usage!.InputTokenCount, whole.Usage.OutputTokenCount), (streamed.Usage!.InputTokenCount, streamed.Usage.OutputTokenCount));
        Assert.Equal(model.Tokenizer.Encode("The river ").Count + model.Tokenizer.Encode("runs").Count, whole.Usage.InputTokenCount);
        Assert.Equal("small", client.GetService<ChatClientMetadata>()!.DefaultModelId);
    }

    [Fact]
    public async Task A_cancelled_stream_ends_with_the_cancellation()
    {
        using var folder = new TemporaryFolder();
        using var model = Load(folder);
        using var client = new LocalChatClient(model, "small");
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.GetStreamingResponseAsync([new(ChatRole.User, "The river")], new ChatOptions { MaxOutputTokens = 900, Temperature = 1 }, cancel.Token))
            {
                await cancel.CancelAsync();
            }
        });
    }

    private static LocalModel Load(TemporaryFolder folder)
    {
        var tokenizer = SmallTokenizer.Trained(300);
        using var model = CausalLm.Create(SmallModels.Options with { ContextLength = 1024 }, Initialization.Normal, new Seed(4), new ComputeOptions { Device = DeviceChoice.Cpu }, ModelVocabulary.Of(tokenizer));
        model.Save(folder.Path);
        tokenizer.CopyTo(folder.Path);
        return LocalModel.Load(folder.Path, new GeneratorOptions());
    }
}
