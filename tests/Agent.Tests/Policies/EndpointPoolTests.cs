using System.Runtime.CompilerServices;
using Agentic.Retrieval;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Agentic.Agent.Tests;

public sealed class EndpointPoolTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);
    private readonly FakeTimeProvider _time = new();
    private readonly FakeServer _one = new("one");
    private readonly FakeServer _two = new("two");

    private EndpointPool Pool(int callsEach = 0) => new([_one.Endpoint, _two.Endpoint], callsEach, Rest, _time);

    private static Task<string> AskAsync(EndpointPool pool, string question) => TextAsync(pool.GetResponseAsync([new ChatMessage(ChatRole.User, question)], cancellationToken: TestContext.Current.CancellationToken));

    private static async Task<string> TextAsync(Task<ChatResponse> response) => (await response).Text;

    [Fact]
    public async Task A_question_stays_with_its_server_and_questions_spread()
    {
        using var pool = Pool();
        var first = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => AskAsync(pool, $"question {number}")));
        var second = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => AskAsync(pool, $"question {number}")));

        Assert.Equal(first, second);
        Assert.InRange(first.Count(name => name == "one"), 8, 32);
    }

    [Fact]
    public async Task A_server_that_dies_is_left_alone_until_it_is_well_again()
    {
        using var pool = Pool();
        _one.IsDown = true;
        for (var number = 0; number < 20; number++)
        {
            Assert.Equal("two", await AskAsync(pool, $"question {number}"));
        }

        // Found dead once, and not asked again while it rests.
        Assert.Equal(1, _one.Calls);
        Assert.Equal(0, _one.Checks);

        // Rested but still down: asked how it is, not called.
        _time.Advance(Rest);
        Assert.Equal("two", await AskAsync(pool, "question 0"));
        Assert.Equal(1, _one.Calls);
        Assert.True(_one.Checks > 0);

        _one.IsDown = false;
        var answers = new HashSet<string>();
        for (var number = 0; number < 20; number++)
        {
            answers.Add(await AskAsync(pool, $"question {number}"));
        }

        Assert.Equal(["one", "two"], answers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task With_all_servers_gone_the_caller_is_told()
    {
        using var pool = Pool();
        (_one.IsDown, _two.IsDown) = (true, true);

        var failure = await Assert.ThrowsAsync<TransientCallException>(() => AskAsync(pool, "question"));

        Assert.True(failure.IsUnreachable);
        Assert.Contains("none of the 2 endpoints", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_not_asked_for_more_than_its_share_at_once()
    {
        using var pool = Pool(callsEach: 2);
        _one.Gate = _two.Gate = new TaskCompletionSource();
        var calls = Enumerable.Range(0, 12).Select(number => AskAsync(pool, $"question {number}")).ToList();
        await Task.Yield();
        _one.Gate.SetResult();
        await Task.WhenAll(calls);

        Assert.InRange(_one.Most, 1, 2);
        Assert.InRange(_two.Most, 1, 2);
    }

    private sealed class FakeServer(string name) : IChatClient
    {
        private int _now;

        public bool IsDown { get; set; }

        public int Calls { get; private set; }

        public int Checks { get; private set; }

        public int Most { get; private set; }

        public TaskCompletionSource? Gate { get; set; }

        public PooledEndpoint Endpoint => new(name, this, _ =>
        {
            Checks++;
            return Task.FromResult(!IsDown);
        });

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            lock (this)
            {
                Calls++;
                Most = Math.Max(Most, ++_now);
            }

            try
            {
                await (Gate?.Task ?? Task.CompletedTask);
                return IsDown ? throw new TransientCallException("nothing listens") { IsUnreachable = true } : new ChatResponse(new ChatMessage(ChatRole.Assistant, name));
            }
            finally
            {
                lock (this)
                {
                    _now--;
                }
            }
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var response = await GetResponseAsync(messages, options, cancellationToken);
            yield return new ChatResponseUpdate(ChatRole.Assistant, response.Text);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
