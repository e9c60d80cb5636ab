// FunctionRef refers to a callable that outlives the call it is handed to.  It owns nothing.
#ifndef DB_FUNCTION_REF_H_
#define DB_FUNCTION_REF_H_

#include <memory>
#include <type_traits>
#include <utility>

namespace db {

template <class Signature>
class FunctionRef;

template <class R, class... A>
class FunctionRef<R(A...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef> &&
           std::is_invocable_r_v<R, F&, A...>)
      FunctionRef(F&& f)  // NOLINT(bugprone-forwarding-reference-overload): constrained above
      : target_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_([](void* target, A... a) -> R {
          return (*static_cast<std::remove_reference_t<F>*>(target))(std::forward<A>(a)...);
        }) {}

  R operator()(A... a) const { return call_(target_, std::forward<A>(a)...); }

 private:
  void* target_;
  R (*call_)(void*, A...);
};

}  // namespace db

#endif  // DB_FUNCTION_REF_H_
